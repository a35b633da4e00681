import { z } from "zod";
import { credentialKey } from "../providers/core/credentials";
import { sameWhenEncoded } from "../providers/sso/basicCredential";
import { addresses, flag, json, pem, proxmoxVersion, serverFingerprint, text } from "./fields";
import type { StackConfig } from "./schema";

export const roles = () =>
  json(
    z.record(
      z.string(),
      z.array(z.string()).min(1),
      "must be lists of privileges by the role's name, e.g. { Operator: [VM.Audit, VM.Console] }",
    ),
  );
export const usersOnDelete = () =>
  z.preprocess(
    (value) => (value === "" ? undefined : value),
    z.enum(["keep", "remove", "refuse"], "must be keep, remove or refuse"),
  );

export const clusterName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be named by letters, digits and `-`");

/** One Proxmox, a node or a cluster, of several. What it leaves out is taken from the key of the same meaning above it. */
export const clusterSchema = z.strictObject({
  addresses: addresses("clusters.<name>.addresses"),
  nodeAddress: text(),
  apiUrl: text(),
  ca: pem(),
  fingerprint: serverFingerprint(),
  version: proxmoxVersion(),
  username: text(),
  realm: text(),
  realmDefault: flag(false),
  usernameClaim: text(),
  autocreate: json(z.boolean("must be true or false").optional()),
  applicationName: text(),
  applicationSlug: text(),
  clientId: text(),
  clientSecret: text().pipe(sameWhenEncoded.optional()),
  access: z.unknown().optional(),
  roles: roles().optional(),
  allowEveryone: json(z.boolean("must be true or false").optional()),
  exclusiveAccess: json(z.boolean("must be true or false").optional()),
  usersOnDelete: usersOnDelete().optional(),
});

const anyClusters = json(z.record(z.string(), z.looseObject({})));

/** A cluster's CA may stand beside its token, as `proxmoxCa-<name>` (see `caKeys`). */
export function withCasOfClusters(clusters: string, all: Readonly<Record<string, string>>): string {
  const parsed = anyClusters.safeParse(clusters);
  if (!parsed.success) return clusters;
  const complete = Object.entries(parsed.data).map(([name, cluster]) => {
    const ca = all[credentialKey(`proxmoxCa-${name}`)];
    return [name, ca ? { ...cluster, ca } : cluster];
  });
  return JSON.stringify(Object.fromEntries(complete));
}

/** One Proxmox with all that counts for it, wherever in the configuration it stands. */
export interface Cluster
  extends Omit<z.output<typeof clusterSchema>, "allowEveryone" | "exclusiveAccess" | "roles"> {
  /** Of the component, hence in every resource's name: frozen. */
  readonly name: string;
  readonly allowEveryone: boolean;
  readonly exclusiveAccess: boolean;
  readonly roles: Record<string, string[]>;
  /** The stack config keys of its credentials. */
  readonly tokenKey: string;
  readonly passwordKey: string;
  /** The key of one of its options, as messages name it. */
  key(option: keyof typeof topLevelKeys): string;
}

/** The options of the Proxmox that the top-level keys describe, by their names there. */
const topLevelKeys = {
  addresses: "proxmoxAddresses",
  nodeAddress: "proxmoxNodeAddress",
  apiUrl: "proxmoxApiUrl",
  ca: "proxmoxCa",
  fingerprint: "proxmoxFingerprint",
  version: "proxmoxVersion",
  username: "proxmoxUsername",
  realm: "realm",
  usernameClaim: "usernameClaim",
  applicationSlug: "applicationSlug",
  access: "access",
  allowEveryone: "allowEveryone",
} as const satisfies Partial<Record<keyof z.output<typeof clusterSchema>, keyof StackConfig>>;

/** The Proxmox of the top-level keys, unless there are only others, and each of `clusters`. */
export function clustersOf(config: StackConfig): Cluster[] {
  const others = Object.entries(config.clusters).map(([name, cluster]) =>
    oneOfSeveral(config, name, cluster),
  );
  return config.proxmoxAddresses.length > 0 || others.length === 0 ? [theOne(config), ...others] : others;
}

function theOne(config: StackConfig): Cluster {
  return {
    name: "sso",
    addresses: config.proxmoxAddresses,
    nodeAddress: config.proxmoxNodeAddress,
    apiUrl: config.proxmoxApiUrl,
    ca: config.proxmoxCa,
    fingerprint: config.proxmoxFingerprint,
    version: config.proxmoxVersion,
    username: config.proxmoxUsername,
    realm: config.realm,
    realmDefault: config.realmDefault,
    usernameClaim: config.usernameClaim,
    autocreate: config.autocreate,
    applicationName: config.applicationName,
    applicationSlug: config.applicationSlug,
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    access: config.access,
    roles: config.roles,
    allowEveryone: config.allowEveryone,
    exclusiveAccess: config.exclusiveAccess,
    usersOnDelete: config.usersOnDelete,
    tokenKey: "proxmoxToken",
    passwordKey: "proxmoxPassword",
    key: (option) => topLevelKeys[option],
  };
}

function oneOfSeveral(config: StackConfig, name: string, cluster: z.output<typeof clusterSchema>): Cluster {
  return {
    ...cluster,
    name,
    version: cluster.version ?? config.proxmoxVersion,
    realm: cluster.realm ?? config.realm,
    usernameClaim: cluster.usernameClaim ?? config.usernameClaim,
    autocreate: cluster.autocreate ?? config.autocreate,
    applicationName: cluster.applicationName ?? `Proxmox VE (${name})`,
    applicationSlug: cluster.applicationSlug ?? `proxmox-${name.toLowerCase()}`,
    access: cluster.access ?? config.access,
    roles: cluster.roles ?? config.roles,
    allowEveryone: cluster.allowEveryone ?? (cluster.access === undefined && config.allowEveryone),
    exclusiveAccess: cluster.exclusiveAccess ?? config.exclusiveAccess,
    usersOnDelete: cluster.usersOnDelete ?? config.usersOnDelete,
    ...credentialKeysOf(name),
    key: (option) => `clusters.${name}.${option}`,
  };
}

/** The stack config keys of the credentials of one of `clusters`. */
export function credentialKeysOf(name: string): Pick<Cluster, "tokenKey" | "passwordKey"> {
  return { tokenKey: `proxmoxToken-${name}`, passwordKey: `proxmoxPassword-${name}` };
}
