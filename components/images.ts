import { defaultVersion, pathOf } from "../providers/authentik/releases";

/** The images of the authentik stack: PostgreSQL as authentik's compose file has it, and a redis for releases that need one. */
export const defaultImages = {
  authentik: `ghcr.io/goauthentik/server:${defaultVersion}`,
  postgres: "docker.io/library/postgres:16-alpine",
  redis: "docker.io/library/redis:7-alpine",
} as const;

/** What the default was in earlier versions of this program. */
const earlierDefaults: readonly unknown[] = ["ghcr.io/goauthentik/server:2026.5.0"];

/**
 * The image for a stack. One that was made with an earlier default stays on it: an upgrade of authentik takes a backup before
 * it, and is its user's to begin.
 *
 * @param given what the user says
 * @param recorded what the stack's state has
 */
export function authentikImageFor(given: string | undefined, recorded: unknown): string {
  if (given !== undefined) return given;
  return typeof recorded === "string" && earlierDefaults.includes(recorded)
    ? recorded
    : defaultImages.authentik;
}

/** What to know where a stack stays on an earlier default. */
export function whyItStays(image: string, version: string): string {
  return (
    `authentik stays at ${image}, the default when this stack was made. Today's is ${defaultVersion}. ` +
    `Upgrade when it suits you, release by release (${pathOf(version, defaultVersion).join(" → ")}): for each, npm run backup, ` +
    "pulumi config set authentikImage ghcr.io/goauthentik/server:<version>, pulumi up (docs/backup.md)."
  );
}
