import { lt } from "semver";
import { authentikVersions } from "../providers/authentik/versions";

/**
 * authentik's version in a version (`2025.8.1`) or in an image's tag (`ghcr.io/…:2026.5`). Undefined if there is
 * none.
 */
export function authentikVersionIn(imageOrVersion: string): string | undefined {
  const match = /(?:^|:)(\d{4})\.(\d{1,2})(?:\.(\d+))?(-rc\d+)?(?![\d.])/.exec(imageOrVersion);
  return match ? `${match[1]}.${Number(match[2])}.${match[3] ?? 0}${match[4] ?? ""}` : undefined;
}

/** The version as written, possibly without a patch number. Empty if there is none. */
export function saidVersionIn(imageOrVersion: string | undefined): string {
  return /(?:^|:)(\d{4}\.\d{1,2}(?:\.\d+)?(?:-rc\d+)?)(?![\d.])/.exec(imageOrVersion ?? "")?.[1] ?? "";
}

/** Whether this authentik needs redis. An unknown version is treated as a current one. */
export function requiresRedis(imageOrVersion: string): boolean {
  const version = authentikVersionIn(imageOrVersion);
  return version !== undefined && lt(version, authentikVersions.withoutRedis);
}

/** Directory of uploaded files. It differs before 2025.12. */
export function dataFolder(imageOrVersion: string): string {
  return lt(authentikVersionIn(imageOrVersion) ?? "2025.12.0", "2025.12.0-0") ? "/media" : "/data";
}

/** PostgreSQL's major version in an image's tag (`postgres:16-alpine`). Undefined if there is none. */
export function postgresMajorIn(image: string): number | undefined {
  const match = /:(\d+)(?:[.-][^/]*)?$/.exec(image.split("@")[0] ?? "");
  return match ? Number(match[1]) : undefined;
}
