/**
 * The images of the authentik stack: the release whose candidate, 2026.5.0-rc1, was recorded, PostgreSQL as its
 * compose file has it, and a redis for the releases that need one.
 */
export const defaultImages = {
  authentik: "ghcr.io/goauthentik/server:2026.5.0",
  postgres: "docker.io/library/postgres:16-alpine",
  redis: "docker.io/library/redis:7-alpine",
} as const;
