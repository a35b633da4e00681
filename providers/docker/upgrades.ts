import { gte, lt, major, minor } from "semver";

/** Until 2025.12 authentik released every two months, since then every three; each year begins with a .2. */
const lastYearOfTwoMonths = 2025;

/**
 * The last patch of a release that is known to take over the data of the release before it. Releases without an entry
 * are named without a patch.
 */
const lastPatches: Readonly<Record<string, string>> = { "2026.5": "2026.5.9", "2026.8": "2026.8.7" };

/** Upgrades that authentik itself got wrong: from a version on, to all between two others. */
const broken = [
  {
    // goauthentik/authentik #25996, #26208: InconsistentMigrationHistory.
    from: "2026.5.7",
    to: ["2026.8.0-0", "2026.8.3"],
    target: "2026.8.7",
  },
] as const;

/**
 * Why authentik must not go from one version to another on the same data, as its documentation on upgrades says:
 * its migrations only lead forwards, and only from each release to the next.
 */
export function whyNotAuthentik(from: string, to: string): string | undefined {
  if (lt(to, from)) {
    return (
      `authentik cannot go back from ${from} to ${to}: it has changed its database. Set the image back; or begin an empty database ` +
      "(`databaseVolume` with another name) and restore into it a backup that was made by the older version, as docs/backup.md says."
    );
  }
  const between = releasesBetween(from, to);
  if (between.length > 0) {
    return (
      `authentik has to be upgraded release by release, and between ${from} and ${to} there ${between.length === 1 ? "is" : "are"} ${between.join(", ")}. ` +
      `The path is ${pathOf(from, to).join(" → ")}: for each, back up (npm run backup), set the image and run pulumi up.`
    );
  }
  const fault = broken.find(
    (pair) => gte(from, pair.from) && lt(from, pair.to[0]) && gte(to, pair.to[0]) && lt(to, pair.to[1]),
  );
  if (fault === undefined) return undefined;
  return `authentik ${to} cannot take over the data of ${from} (InconsistentMigrationHistory). Set the image to ${fault.target} instead.`;
}

/** The versions to run one after the other, each with `pulumi up`, to come from one to another. */
export function pathOf(from: string, to: string): string[] {
  const between = releasesBetween(from, to).map(lastOf);
  return [from, ...between, to];
}

/** PostgreSQL reads the files of its own major version only. */
export function whyNotPostgres(from: number, to: number): string | undefined {
  if (from === to) return undefined;
  return `PostgreSQL ${to} cannot read the files of PostgreSQL ${from}. ${byBackup}`;
}

/** The system below PostgreSQL in its official images. */
export type PostgresFlavour = "alpine" | "Debian";

/**
 * The flavour of an official image or a copy of one, by its tag; undefined where that cannot be known, as of a digest or an
 * image of another maker.
 */
export function postgresFlavourIn(image: string): PostgresFlavour | undefined {
  const [, tag] = /(?:^|\/)postgres:([\w.-]+)(?:@|$)/.exec(image) ?? [];
  if (tag === undefined) return undefined;
  return /alpine/.test(tag) ? "alpine" : "Debian";
}

/** The two have other user ids (70, 999), and sort texts otherwise: indexes of one are wrong for the other. */
export function whyNotFlavour(from: PostgresFlavour, to: PostgresFlavour): string | undefined {
  if (from === to) return undefined;
  return `The files are of PostgreSQL on ${from}; an image on ${to} has another user id and sorts texts otherwise, so that indexes would be wrong. ${byBackup}`;
}

const byBackup =
  "Back up (npm run backup), set `databaseVolume` to another name, run pulumi up, and restore (npm run restore), as " +
  "docs/backup.md says; or set the image back.";

function lastOf(release: string): string {
  return lastPatches[release] ?? `the last ${release}`;
}

function releasesBetween(from: string, to: string): string[] {
  const releases: string[] = [];
  for (let next = releaseAfter(from); lt(next, releaseOf(to)); next = releaseAfter(next)) {
    releases.push(`${major(next)}.${minor(next)}`);
  }
  return releases;
}

function releaseOf(version: string): string {
  return `${major(version)}.${minor(version)}.0`;
}

function releaseAfter(version: string): string {
  const month = minor(version) + (major(version) <= lastYearOfTwoMonths ? 2 : 3);
  return month > 12 ? `${major(version) + 1}.2.0` : `${major(version)}.${month}.0`;
}
