/** Differences between the recorded releases of Proxmox VE. */
export interface Profile {
  release: string;
  version: string;
  /** The line of PVE/API2/Domains.pm in an error message. Missing if the check runs earlier. */
  domainsLine?: number;
}

const profiles: Record<string, Profile> = {
  "7.4": { release: "7.4", version: "7.4-3" },
  "8.3": { release: "8.3", version: "8.3.0", domainsLine: 246 },
  "8.4": { release: "8.4", version: "8.4.1", domainsLine: 246 },
  "9.0": { release: "9.0", version: "9.0.3", domainsLine: 261 },
  "9.1": { release: "9.1", version: "9.1.2", domainsLine: 261 },
  "9.2": { release: "9.2", version: "9.2.11", domainsLine: 261 },
};

/** The recorded releases. */
export const releases: readonly string[] = Object.keys(profiles);

/** Realm options that some recorded releases lack, with the first release that has them. */
export const realmOptionSince: Record<string, string> = {
  "groups-claim": "8.4",
  "groups-autocreate": "8.4",
  "groups-overwrite": "8.4",
  "query-userinfo": "8.4",
  audiences: "9.2",
};

/** Other behaviours, with the first release that has them. */
export const behaviourSince = {
  acrValuesPattern: "8.3",
  errorMessageInBody: "8.4",
  /** In earlier releases, the reason phrase says which part of an API token is wrong. */
  silentTokenErrors: "9.2",
};

export function profileOf(release: string): Profile {
  const profile = profiles[release];
  if (profile === undefined) {
    throw new Error(
      `No profile for Proxmox VE ${release}. Choose one of ${Object.keys(profiles).join(", ")}.`,
    );
  }
  return profile;
}

export function isSince(profile: Profile, release: string): boolean {
  return Number(profile.release) >= Number(release);
}
