import { defaultVersion, pathOf } from "../providers/authentik/releases";

/** Default images of the authentik stack. PostgreSQL is the one in authentik's compose file. Old releases need redis. */
export const defaultImages = {
  authentik: `ghcr.io/goauthentik/server:${defaultVersion}`,
  postgres: "docker.io/library/postgres:16-alpine",
  redis: "docker.io/library/redis:7-alpine",
} as const;

/** Default images of earlier versions of this program. */
const earlierDefaults: readonly unknown[] = ["ghcr.io/goauthentik/server:2026.5.0"];

/**
 * Selects the image of a stack. A stack with an earlier default keeps it, because upgrading authentik requires a
 * backup first.
 * @param given the configured image
 * @param recorded the image in the stack's state
 */
export function authentikImageFor(given: string | undefined, recorded: unknown): string {
  if (given !== undefined) return given;
  return typeof recorded === "string" && earlierDefaults.includes(recorded)
    ? recorded
    : defaultImages.authentik;
}

/** Warning for a stack that keeps an earlier default image. */
export function whyItStays(image: string, version: string): string {
  return (
    `authentik stays at ${image}, the default when this stack was made. The default is now ${defaultVersion}. ` +
    `You can upgrade at any time, release by release: ${pathOf(version, defaultVersion).join(" → ")}. For each release, run npm run backup, ` +
    "pulumi config set authentikImage ghcr.io/goauthentik/server:<version>, and pulumi up (docs/backup.md)."
  );
}
