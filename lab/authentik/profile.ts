/** What differs between the simulated releases. */
export interface Profile {
  name: "2026.5" | "2025.10";
  version: string;
  contentType: string;
  /** The older release does not start without redis. */
  needsRedis: boolean;
  /** While starting, the older one answers JSON requests with 200, and `live` is always 200. */
  startingStatus: number;
  liveWhileStarting: number;
  wrongSchemeDetail: string;
  slugLimit: number | undefined;
  slugError: string;
  certificateKeyTypeField: "key_type" | "private_key_type";
  certificateAlgorithms: string[];
  /** Of RSA keys that it generates. */
  rsaBits: number;
  duplicateGroupError: string;
  /** What superusers may do beyond objects. */
  systemPermissions: string[];
  /** Moving a binding onto an order that is taken: 400 in the newer one. */
  checksOrderOnUpdate: boolean;
  /** What the release has and its recorded candidate has not: grant types of a provider, and hidden applications. */
  isReleased?: true;
  /** What 2026.8 brought, by its source and its published API client: none of it is recorded. */
  has2026_8?: true;
}

const SYSTEM_PERMISSIONS = [
  "assign_role_permissions",
  "delete_role",
  "change_initialpermissions",
  "view_system_info",
  "view_initialpermissions",
  "view_role",
  "view_system_settings",
  "add_role",
  "access_admin_interface",
  "edit_system_settings",
  "change_role",
  "unassign_role_permissions",
  "add_initialpermissions",
  "delete_initialpermissions",
];

const PROFILES: Record<Profile["name"], Profile> = {
  "2026.5": {
    name: "2026.5",
    version: "2026.5.0-rc1",
    contentType: "application/json",
    needsRedis: false,
    startingStatus: 503,
    liveWhileStarting: 502,
    wrongSchemeDetail: "Authentication credentials were not provided.",
    slugLimit: undefined,
    slugError: "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
    certificateKeyTypeField: "key_type",
    certificateAlgorithms: ["rsa", "ecdsa", "ed25519", "ed448"],
    rsaBits: 4096,
    duplicateGroupError: "Group with this name already exists.",
    systemPermissions: [...SYSTEM_PERMISSIONS, "view_media_files", "manage_media_files"],
    checksOrderOnUpdate: true,
  },
  "2025.10": {
    name: "2025.10",
    version: "2025.10.0-rc1",
    contentType: "application/json; charset=utf-8",
    needsRedis: true,
    startingStatus: 200,
    liveWhileStarting: 200,
    wrongSchemeDetail: "Unsupported authentication type",
    slugLimit: 50,
    slugError: 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.',
    certificateKeyTypeField: "private_key_type",
    certificateAlgorithms: ["rsa", "ecdsa"],
    rsaBits: 4096,
    duplicateGroupError: "This field must be unique.",
    systemPermissions: SYSTEM_PERMISSIONS,
    checksOrderOnUpdate: false,
  },
};

/** Not recorded: 2026.5 with what authentik's source and reports of its users tell of the release. */
export const RELEASED = "2026.5.0";

/** Not recorded either: the release before it with what the source and the API client of 2026.8 have. */
export const CURRENT = "2026.8";

export function findProfile(name: string): Profile {
  if (name === "2026.5" || name === "2025.10") return PROFILES[name];
  const released: Profile = { ...PROFILES["2026.5"], version: RELEASED, isReleased: true };
  if (name === RELEASED) return released;
  if (name === CURRENT) return { ...released, version: "2026.8.7", has2026_8: true };
  throw new Error(
    `No profile "${name}": the simulator knows ${[...Object.keys(PROFILES), RELEASED, CURRENT].join(", ")}.`,
  );
}
