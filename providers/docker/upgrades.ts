import { lt } from "semver";
import { defaultVersion, isBrokenUpgrade, pathOf, releasesBetween } from "../authentik/releases";

/**
 * Why authentik must not change from one version to the other with the same data. Its upgrade documentation supports
 * only one release at a time, and no downgrade.
 */
export function problemWithAuthentikUpgrade(from: string, to: string): string | undefined {
  if (lt(to, from)) {
    return (
      `authentik cannot go back from ${from} to ${to}: it has changed its database. Set the image back. Or restore a backup of the older version into an empty database ` +
      "(`databaseVolume` with another name), as docs/backup.md describes."
    );
  }
  const between = releasesBetween(from, to);
  if (between.length > 0) {
    return (
      `authentik has to be upgraded release by release, and between ${from} and ${to} there ${between.length === 1 ? "is" : "are"} ${between.join(", ")}. ` +
      `The path is ${pathOf(from, to).join(" → ")}. For each release, run npm run backup, set authentikImage, and run pulumi up.`
    );
  }
  if (!isBrokenUpgrade(from, to)) return undefined;
  return `authentik ${to} cannot take over the data of ${from} (InconsistentMigrationHistory). Set the image to ${defaultVersion} instead.`;
}

/** PostgreSQL reads only files of its own major version. */
export function problemWithPostgresUpgrade(from: number, to: number): string | undefined {
  if (from === to) return undefined;
  return `PostgreSQL ${to} cannot read the files of PostgreSQL ${from}. ${byBackup}`;
}

/** The base system of the official PostgreSQL images. */
type PostgresFlavour = "alpine" | "Debian";

/**
 * The base system of an official image or a copy of it, according to its tag. Undefined if unknown, as for a digest
 * or another vendor's image.
 */
export function postgresFlavourIn(image: string): PostgresFlavour | undefined {
  const [, tag] = /(?:^|\/)postgres:([\w.-]+)(?:@|$)/.exec(image) ?? [];
  if (tag === undefined) return undefined;
  return /alpine/.test(tag) ? "alpine" : "Debian";
}

/**
 * The two flavours use different user ids (70, 999) and sort texts differently, so an index of one is wrong for the
 * other.
 */
export function problemWithPostgresFlavour(from: PostgresFlavour, to: PostgresFlavour): string | undefined {
  if (from === to) return undefined;
  return `PostgreSQL on ${from} created the files. An image on ${to} has another user id and sorts texts differently, so indexes would be wrong. ${byBackup}`;
}

const byBackup =
  "Set the image back. Or run npm run backup, set `databaseVolume` to another name, run pulumi up, and run npm run restore, as " +
  "docs/backup.md describes.";
