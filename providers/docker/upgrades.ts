import { lt, major, minor } from "semver";

/** Until 2025.12 authentik released every two months, since then every three; each year begins with a .2. */
const lastYearOfTwoMonths = 2025;

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
  if (between.length === 0) return undefined;
  return (
    `authentik has to be upgraded release by release, and between ${from} and ${to} there ${between.length === 1 ? "is" : "are"} ${between.join(", ")}. ` +
    `Back up (npm run backup), set the image to the last ${between[0]} and run pulumi up; then the next one.`
  );
}

/** PostgreSQL reads the files of its own major version only. */
export function whyNotPostgres(from: number, to: number): string | undefined {
  if (from === to) return undefined;
  return (
    `PostgreSQL ${to} cannot read the files of PostgreSQL ${from}. Back up (npm run backup), set \`databaseVolume\` to another name, ` +
    "run pulumi up, and restore (npm run restore), as docs/backup.md says; or set the image back."
  );
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
