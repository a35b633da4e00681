import { lt } from "semver";
import { authentikVersions } from "../providers/authentik/versions";

/**
 * authentik's version (`2025.8.1`) as a version or an image (`ghcr.io/…:2026.5`) tells it, or undefined where
 * it does not.
 */
export function authentikVersionIn(imageOrVersion: string): string | undefined {
  const match = /(?:^|:)(\d{4})\.(\d{1,2})(?:\.(\d+))?(-rc\d+)?(?![\d.])/.exec(imageOrVersion);
  return match ? `${match[1]}.${Number(match[2])}.${match[3] ?? 0}${match[4] ?? ""}` : undefined;
}

/** The version in one of these as it stands there, which may leave out the patch; empty where there is none. */
export function saidVersionIn(imageOrVersion: string | undefined): string {
  return /(?:^|:)(\d{4}\.\d{1,2}(?:\.\d+)?(?:-rc\d+)?)(?![\d.])/.exec(imageOrVersion ?? "")?.[1] ?? "";
}

/** Whether this authentik needs redis. One whose version cannot be told is taken for a current one. */
export function requiresRedis(imageOrVersion: string): boolean {
  const version = authentikVersionIn(imageOrVersion);
  return version !== undefined && lt(version, authentikVersions.withoutRedis);
}

/** Where authentik keeps uploaded files; releases before 2025.12 have another place. */
export function dataFolder(imageOrVersion: string): string {
  return lt(authentikVersionIn(imageOrVersion) ?? "2025.12.0", "2025.12.0-0") ? "/media" : "/data";
}

/** PostgreSQL's major version as an image's tag tells it (`postgres:16-alpine`), or undefined where it does not. */
export function postgresMajorIn(image: string): number | undefined {
  const match = /:(\d+)(?:[.-][^/]*)?$/.exec(image.split("@")[0] ?? "");
  return match ? Number(match[1]) : undefined;
}
