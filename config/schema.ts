import { z } from "zod";
import { defaults } from "../components/model/defaults";
import {
  cpus,
  databaseHost,
  databaseVolume,
  environment,
  image,
  ipAddress,
  megabytes,
  mounts,
  platform,
  prefix,
  registry,
  sshOptions,
  subnets,
  trustedNetworks,
} from "../components/model/dockerForms";
import {
  authentikAddress,
  authentikToken,
  caPem,
  dockerHost,
  email,
  flag,
  json,
  port,
  privateKeyPem,
  proxmoxToken,
  proxmoxUser,
  secretLine,
  serverFingerprint,
  signingCaPem,
  text,
  withDefault,
} from "../components/model/forms";
import { ssoForms } from "../components/model/ssoOptions";
import { swarm } from "../components/model/swarm";
import { credentialKey } from "../providers/core/credentials";

const { proxmox, realm, application } = ssoForms;
const { stack } = defaults;
export const clusterName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be named by letters, digits and `-`");

const clustersForm =
  "must be clusters by name, e.g. { berlin: { addresses: [https://pve.example.com:8006] } }";
const days = "must be a number of days, at most 36500";

/** The stack's configuration. `Pulumi.yaml` describes each key for people; a test keeps the two lists equal. */
export const configSchema = z.strictObject({
  // authentik
  authentikUrl: authentikAddress(),
  deployAuthentik: flag(true),
  authentikApiUrl: authentikAddress(),
  authentikCaCertificate: caPem(),
  authentikFingerprint: serverFingerprint(),
  authentikToken: authentikToken(),

  // authentik on Docker
  authentikSecretKey: secretLine(),
  authentikBootstrap: flag(true),
  authentikBootstrapPassword: secretLine(),
  authentikBootstrapEmail: email(),
  postgresPassword: secretLine(),
  tlsCaCertificate: signingCaPem(),
  tlsCaKey: privateKeyPem(),
  tlsCertificatePath: text(),
  tlsKeyPath: text(),
  tlsKey: privateKeyPem(),
  authentikImage: image(),
  authentikVersion: text(),
  postgresImage: image(),
  redisImage: image(),
  redis: flag(stack.redis),
  redisPassword: text().refine((value) => value === undefined || value.length >= 20, {
    error: "must have at least 20 characters: Docker shows its hash. npm run credentials generates it",
  }),
  ipv6: flag(stack.ipv6),
  bindAddress: ipAddress(),
  httpBindAddress: ipAddress(),
  httpPort: port(stack.httpPort),
  httpsPort: port(stack.httpsPort),
  authentikEnvironment: environment(),
  errorReporting: flag(stack.errorReporting),
  memoryMegabytes: megabytes(stack.memoryMegabytes),
  cpus: cpus(),
  dockerHost: dockerHost(),
  dockerContext: text(),
  dockerCertPath: text(),
  dockerSshOptions: sshOptions(),
  dockerSubnets: subnets(),
  swarm: swarm(),
  platform: platform(),
  pullImages: text(),
  registryAddress: registry(),
  registryUsername: secretLine(),
  registryPassword: secretLine(),
  mounts: mounts(),
  trustedProxies: trustedNetworks(),
  postgresHost: databaseHost(),
  postgresPort: port(stack.databasePort),
  postgresUser: secretLine(),
  postgresDatabase: secretLine(),
  prefix: prefix(),
  databaseVolume: databaseVolume(),

  // Proxmox
  proxmoxAddresses: proxmox.addresses,
  proxmoxNodeAddress: proxmox.nodeAddress,
  proxmoxApiUrl: proxmox.apiUrl,
  proxmoxCa: proxmox.caCertificate,
  proxmoxFingerprint: proxmox.fingerprint,
  proxmoxVersion: proxmox.version,
  proxmoxUsername: proxmoxUser(),
  proxmoxPassword: text(),
  proxmoxToken: proxmoxToken(),

  // single sign-on
  realm: realm.name,
  realmDefault: flag(false),
  usernameClaim: realm.usernameClaim,
  autocreate: flag(true),
  applicationName: application.name,
  applicationSlug: application.slug,
  authorizationFlow: text(),
  invalidationFlow: text(),
  clientId: ssoForms.clientId,
  clientSecret: ssoForms.clientSecret,
  signingKeySize: json(
    z.union([z.literal(2048), z.literal(3072), z.literal(4096)], "must be 2048, 3072 or 4096").default(2048),
  ),
  signingValidityDays: json(z.int(days).min(1, days).max(36_500, days).default(3650)),
  signingRenewBeforeDays: json(z.int(days).min(0, days).max(36_500, days).optional()),
  signingCertificatePath: text(),
  signingKeyPath: text(),
  signingKey: privateKeyPem(),
  /** Checked by `readAccess`, which needs the realm and the version. */
  access: json(z.unknown().default({})),
  roles: withDefault(ssoForms.roles, {}),
  allowEveryone: flag(false),
  exclusiveAccess: flag(true),
  usersOnDelete: withDefault(realm.usersOnDelete, "keep"),
  clusters: json(z.record(clusterName, z.looseObject({}, clustersForm), clustersForm).default({})),
  testUsername: text(),
  testPassword: text(),
  adopt: flag(false),
  production: flag(false),
});

export type StackConfig = z.output<typeof configSchema>;

/** Keys whose values are encrypted in the stack's config file. */
export const secretKeys = [
  "authentikToken",
  "authentikSecretKey",
  "authentikBootstrapPassword",
  "postgresPassword",
  "redisPassword",
  "tlsCaKey",
  "tlsKey",
  "registryPassword",
  "proxmoxToken",
  "proxmoxPassword",
  "clientSecret",
  "signingKey",
  "testPassword",
] as const satisfies readonly (keyof StackConfig)[];

/** Secrets that resources also use at refresh and destroy. They are in the plugin's namespace (see `Credentials`). */
const pluginKeys: readonly string[] = [
  "authentikToken",
  "tlsCaKey",
  "tlsKey",
  "proxmoxToken",
  "proxmoxPassword",
  "signingKey",
  "testPassword",
];

/** Whether the config must store a value encrypted. */
export function isSecretKey(key: string): boolean {
  return secretKeys.some((secret) => secret === key) || belongsToCluster(key);
}

/** Certificates that may also be in the plugin's namespace, which keeps them out of the state. */
export const caKeys = [
  "authentikCaCertificate",
  "proxmoxCa",
  "tlsCaCertificate",
] as const satisfies readonly (keyof StackConfig)[];

/** Whether a key is a credential of an entry in `clusters`, such as `proxmoxToken-berlin`. */
function belongsToCluster(key: string): boolean {
  return /^proxmox(Token|Password)-/.test(key);
}

/** The full name of a config key, for `pulumi config set`. */
export function configKey(key: string): string {
  return pluginKeys.includes(key) || belongsToCluster(key) ? credentialKey(key) : key;
}
