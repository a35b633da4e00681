import { gt, gte, lt, major, minor, parse } from "semver";

/** The date of this table. It lacks later releases and vulnerabilities. */
export const knownAt = "2026-11-30";

interface Release {
  /** Its newest patch, if known. */
  readonly last?: string;
  /** authentik fixes vulnerabilities in its last two releases. */
  readonly isSupported: boolean;
  /** Vulnerabilities of its earlier patches, with the patch that fixes them. */
  readonly faults: readonly { readonly fixedIn: string; readonly what: string }[];
}

/** authentik's releases since the oldest supported one, from their release notes and advisories. */
export const releases: Readonly<Record<string, Release>> = {
  "2024.12": { isSupported: false, faults: [] },
  "2025.2": { isSupported: false, faults: [] },
  "2025.4": { isSupported: false, faults: [] },
  "2025.6": { isSupported: false, faults: [] },
  "2025.8": { isSupported: false, faults: [] },
  "2025.10": { isSupported: false, faults: [] },
  "2025.12": { isSupported: false, faults: [] },
  "2026.2": {
    isSupported: false,
    faults: [
      {
        fixedIn: "2026.2.3",
        what: "CVE-2026-40165, CVE-2026-40166, CVE-2026-40172, CVE-2026-41569, CVE-2026-41577, CVE-2026-42849",
      },
    ],
  },
  "2026.5": {
    last: "2026.5.9",
    isSupported: true,
    faults: [
      { fixedIn: "2026.5.1", what: "a bypass of the source stage" },
      { fixedIn: "2026.5.5", what: "CVE-2026-47201, CVE-2026-49448, CVE-2026-57580, CVE-2026-61574" },
    ],
  },
  "2026.8": {
    last: "2026.8.7",
    isSupported: true,
    faults: [{ fixedIn: "2026.8.2", what: "faults that the release notes of 2026.8.2 name" }],
  },
};

/** The release of the default image. */
export const defaultVersion = "2026.8.7";

const newestKnown = Object.keys(releases).at(-1) ?? "";

/** A warning about a version, and what to do. */
interface Worry {
  readonly found: string;
  readonly advice: string;
}

/**
 * Why a version needs attention: newer than this table, out of support, or vulnerable. Undefined if the version
 * cannot be parsed.
 */
export function worryAbout(version: string): Worry | undefined {
  if (parse(version) === null) return undefined;
  const name = releaseNameOf(version);
  if (gt(releaseOf(version), `${newestKnown}.0`)) {
    return {
      found: `authentik ${version} is later than ${newestKnown}, the newest release that this program knows (${knownAt}).`,
      advice:
        "This program uses it anyway. `npm run doctor` compares its API with what this program sends and reads.",
    };
  }
  const release = releases[name];
  if (release === undefined) return undefined;
  const faults = release.faults.filter(({ fixedIn }) => lt(version, fixedIn));
  const what = faults.map(({ fixedIn, what }) => `${what} (fixed in ${fixedIn})`).join("; ");
  if (!release.isSupported) {
    return {
      found: `authentik ${version} no longer gets security fixes (as of ${knownAt})${what && `, and has known faults: ${what}`}.`,
      advice: `Upgrade release by release, with a backup before each (docs/backup.md): ${pathOf(version, defaultVersion).join(" → ")}.`,
    };
  }
  if (faults.length === 0) return undefined;
  const patch = release.last === undefined || name === newestKnown ? [] : [release.last];
  return {
    found: `authentik ${version} has known security faults: ${what}.`,
    advice: `Back up, then upgrade to ${[...patch, defaultVersion].join(" or ")}.`,
  };
}

/** The versions of an upgrade path. Each step is one `pulumi up`. */
export function pathOf(from: string, to: string): string[] {
  const between = releasesBetween(from, to).map((name) => releases[name]?.last ?? `the last ${name}`);
  return [from, ...between, to];
}

/** The releases between two versions, without both. */
export function releasesBetween(from: string, to: string): string[] {
  const names: string[] = [];
  for (let next = releaseAfter(from); lt(next, releaseOf(to)); next = releaseAfter(next)) {
    names.push(releaseNameOf(next));
  }
  return names;
}

/** Upgrades that fail because of an error in authentik: from a version, to all versions between two others. */
const broken = [
  {
    // goauthentik/authentik #25996, #26208: InconsistentMigrationHistory.
    from: "2026.5.7",
    to: ["2026.8.0-0", "2026.8.3"],
  },
] as const;

/** Whether authentik is known to fail with data of the other version. */
export function isBrokenUpgrade(from: string, to: string): boolean {
  return broken.some(
    (pair) => gte(from, pair.from) && lt(from, pair.to[0]) && gte(to, pair.to[0]) && lt(to, pair.to[1]),
  );
}

function releaseNameOf(version: string): string {
  return `${major(version)}.${minor(version)}`;
}

function releaseOf(version: string): string {
  return `${releaseNameOf(version)}.0`;
}

/**
 * authentik released every two months until 2025, and every three months since 2026. The first release of a year is
 * .2.
 */
const lastYearOfTwoMonths = 2025;

function releaseAfter(version: string): string {
  const month = minor(version) + (major(version) <= lastYearOfTwoMonths ? 2 : 3);
  return month > 12 ? `${major(version) + 1}.2.0` : `${major(version)}.${month}.0`;
}
