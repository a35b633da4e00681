import roles from "./roles.json";

/** Recorded differences between the two servers. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly ownRealm: string;
  readonly ownRealmComment: string;
  readonly realmFiles: string;
  readonly stateFolder: string;
  readonly tokenHeader: string;
  readonly cookie: string;
  /** Whether a login returns its ticket only in a cookie. */
  readonly hidesTicket: boolean;
  /** Whether a refused request deletes the cookie. */
  readonly clearsCookie: boolean;
  readonly pong: unknown;
  readonly privileges: {
    readonly users: string;
    readonly readUser: string;
    readonly modify: string;
    readonly readRealm: string;
  };
  /** The path on which realms are allocated. */
  readonly realmPath: string;
  /** Paths of `permissions`, in addition to those with entries. */
  readonly topPaths: readonly string[];
  readonly aclPath: RegExp;
  readonly acrValue: RegExp;
  /** Privileges by role. */
  readonly roles: Readonly<Record<string, { comment: string; privs: readonly string[] }>>;
  /** Messages that differ between the two. */
  readonly says: {
    unknownRealm(realm: string): string;
    readonly groups: string;
    readonly noToken: string;
    unknownRole?(role: string): string;
  };
  readonly shortestName: number;
  /** Fields of a user that can be deleted. */
  readonly removableOfUser: readonly string[];
  /** Whether deleting a user also deletes its permissions, and works after its realm is deleted. */
  readonly cleansAcl: boolean;
}

const name = "[A-Za-z0-9_][A-Za-z0-9._-]*";

export const products: Readonly<Record<"backup" | "datacenter-manager", Product>> = {
  backup: {
    name: "Proxmox Backup Server",
    version: "4.2",
    release: "3",
    ownRealm: "pbs",
    ownRealmComment: "Proxmox Backup authentication server",
    realmFiles: "/etc/proxmox-backup",
    stateFolder: "/run/proxmox-backup",
    tokenHeader: "PBSAPIToken",
    cookie: "__Host-PBSAuthCookie",
    hidesTicket: false,
    clearsCookie: true,
    pong: { pong: true },
    privileges: {
      users: "Sys.Audit",
      readUser: "Sys.Audit",
      modify: "Permissions.Modify",
      readRealm: "Sys.Audit",
    },
    realmPath: "/access/domains",
    topPaths: ["/", "/access", "/datastore", "/remote", "/system"],
    aclPath: new RegExp(
      `^/(access(/acl|/users|/domains|/openid(/${name})?)?|datastore(/${name}){0,8}|remote(/${name}){0,2}` +
        `|system(/certificates|/disks|/log|/status|/tasks|/time|/services(/${name})?|/network(/dns|/interfaces(/${name})?)?)?` +
        `|tape(/(device|pool|job)(/${name})?)?)?$`,
    ),
    acrValue: /^[^\p{Cc} <>#"]*$/u,
    roles: roles.backup,
    says: {
      unknownRealm: (realm) => `unknown realm '${realm}'`,
      groups: "parameter 'group' - groups are currently not supported.",
      noToken: "no such API token.",
    },
    shortestName: 2,
    removableOfUser: ["comment", "firstname", "lastname", "email"],
    cleansAcl: false,
  },
  "datacenter-manager": {
    name: "Proxmox Datacenter Manager",
    version: "1.1",
    release: "7",
    ownRealm: "pdm",
    ownRealmComment: "Proxmox Datacenter Manager authentication server",
    realmFiles: "/etc/proxmox-datacenter-manager/access",
    stateFolder: "/run/proxmox-datacenter-manager",
    tokenHeader: "PDMAPIToken",
    cookie: "__Host-PDMAuthCookie",
    hidesTicket: true,
    clearsCookie: false,
    pong: "pong",
    privileges: {
      users: "Access.Audit",
      readUser: "System.Audit",
      modify: "Access.Modify",
      readRealm: "System.Audit",
    },
    realmPath: "/access/domains",
    topPaths: ["/", "/access", "/resource", "/system"],
    aclPath: new RegExp(
      `^/(access(/acl|/users|/realm)?|resource(/${name})*|system(/${name})*|view(/${name})*)?$`,
    ),
    acrValue: new RegExp(`^${name}$`),
    roles: roles["datacenter-manager"],
    says: {
      unknownRealm: (realm) => `unknown realm ${realm}`,
      groups: "parameter 'group' - groups are currently not supported",
      noToken: "no such API token",
      unknownRole: () => "Role does not exist, please make sure to specify a valid role!",
    },
    shortestName: 1,
    removableOfUser: ["comment", "enable", "expire", "firstname", "lastname", "email"],
    cleansAcl: true,
  },
};
