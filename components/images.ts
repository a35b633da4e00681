/** The images of the authentik stack that were measured to work together. */
export const defaultImages = {
  authentik: "ghcr.io/goauthentik/server:2026.5.0",
  postgres: "docker.io/library/postgres:16-alpine",
  redis: "docker.io/library/redis:7-alpine",
} as const;
