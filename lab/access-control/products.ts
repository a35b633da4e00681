import roles from "./roles.json";

/** What differs between the two servers, as they were recorded. */
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
  /** Whether a login shows its ticket only in a cookie. */
  readonly hidesTicket: boolean;
  /** Whether a refused request takes the cookie away. */
  readonly clearsCookie: boolean;
  readonly pong: unknown;
  readonly privileges: {
    readonly users: string;
    readonly readUser: string;
    readonly modify: string;
    readonly readRealm: string;
  };
  /** On which path realms are allocated. */
  readonly realmPath: string;
  /** Where `permissions` looks, besides the paths that have entries. */
  readonly topPaths: readonly string[];
  readonly aclPath: RegExp;
  readonly acrValue: RegExp;
  /** Privileges by role. */
  readonly roles: Readonly<Record<string, { comment: string; privs: readonly string[] }>>;
  /** The sentences in which the two differ. */
  readonly says: {
    unknownRealm(realm: string): string;
    readonly groups: string;
    readonly noToken: string;
    unknownRole?(role: string): string;
  };
  readonly shortestName: number;
  /** What may be removed of a user. */
  readonly removableOfUser: readonly string[];
  /** Whether a removed user's permissions go too, and whether it can be removed after its realm. */
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
