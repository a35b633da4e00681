/** Differences between the simulated releases. */
export interface Profile {
  name: "2026.5" | "2025.10";
  version: string;
  contentType: string;
  /** The older release requires redis at its start. */
  needsRedis: boolean;
  /** Status of JSON answers during the start. In the older release it is 200, and `live` is always 200. */
  startingStatus: number;
  liveWhileStarting: number;
  wrongSchemeDetail: string;
  slugLimit: number | undefined;
  slugError: string;
  certificateKeyTypeField: "key_type" | "private_key_type";
  certificateAlgorithms: string[];
  /** Size of generated RSA keys. */
  rsaBits: number;
  duplicateGroupError: string;
  /** Permissions of superusers that do not belong to a kind of object. */
  systemPermissions: string[];
  /** Whether an update refuses an order that another binding has, with a 400. */
  checksOrderOnUpdate: boolean;
  /** Differences of the release from its recorded candidate: grant types of a provider, and hidden applications. */
  isReleased?: true;
  /** Features of 2026.8, from its source and its published API client. Not recorded. */
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

/** 2026.5 with the release's changes, from authentik's source and reports of users. Not recorded. */
export const RELEASED = "2026.5.0";

/** The release before it, with the changes of 2026.8 from the source and the API client. Not recorded. */
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
