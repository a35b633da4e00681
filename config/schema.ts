import { z } from "zod";
import { defaults } from "../components/model/defaults";
import {
  authentikAddress,
  caPem,
  databaseHost,
  flag,
  image,
  ipAddress,
  json,
  platform,
  port,
  privateKeyPem,
  proxmoxToken,
  proxmoxUser,
  registry,
  serverFingerprint,
  text,
  withDefault,
} from "../components/model/forms";
import { ssoForms } from "../components/model/ssoOptions";
import { credentialKey } from "../providers/core/credentials";
import { whyNoDockerHost } from "../providers/docker/host";

const { proxmox, realm, application } = ssoForms;
const { stack } = defaults;
export const clusterName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be named by letters, digits and `-`");

const networks = "must be a list of networks, e.g. 10.0.0.0/8";
const environment =
  "must be names with texts; set one with: pulumi config set --path authentikEnvironment.AUTHENTIK_LOG_LEVEL debug";
const mountsForm = "must be a list of {source: host path or volume, target: absolute path, readOnly: true}";
const sshOptions = 'must be a list of arguments, e.g. ["-i", "/etc/deploy/id_ed25519"]';
const clustersForm =
  "must be clusters by name, e.g. { berlin: { addresses: [https://pve.example.com:8006] } }";
const days = "must be a number of days, at most 36500";
const megabytes = "must be a number of MiB, at least 512";

/** The stack's configuration. `Pulumi.yaml` describes each key for people; a test keeps the two lists equal. */
export const configSchema = z.strictObject({
  // authentik
  authentikUrl: authentikAddress(),
  deployAuthentik: flag(true),
  authentikApiUrl: authentikAddress(),
  authentikCaCertificate: caPem(),
  authentikFingerprint: serverFingerprint(),
  authentikToken: text(),

  // authentik on Docker
  authentikSecretKey: text(),
  authentikBootstrap: flag(true),
  authentikBootstrapPassword: text(),
  authentikBootstrapEmail: text(),
  postgresPassword: text(),
  tlsCaCertificate: caPem(),
  tlsCaKey: privateKeyPem(),
  tlsCertificatePath: text(),
  tlsKeyPath: text(),
  tlsKey: text(),
  authentikImage: image(),
  authentikVersion: text(),
  postgresImage: image(),
  redisImage: image(),
  redis: flag(stack.redis),
  bindAddress: ipAddress(),
  httpPort: port(stack.httpPort),
  httpsPort: port(stack.httpsPort),
  authentikEnvironment: json(
    z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean()], environment).transform(String),
        environment,
      )
      .refine((variables) => !variables.AUTHENTIK_WEB__PATH?.replace("/", ""), {
        error: "has AUTHENTIK_WEB__PATH, but authentik below a path is not supported: leave it out",
      })
      .default({}),
  ),
  errorReporting: flag(stack.errorReporting),
  memoryMegabytes: json(z.int(megabytes).min(512, megabytes).default(stack.memoryMegabytes)),
  cpus: text().refine((value) => value === undefined || /^\d+(\.\d+)?$/.test(value), {
    error: "must be a number of CPUs, e.g. 1.5",
  }),
  dockerHost: text().superRefine((value, context) => {
    const why = value === undefined ? undefined : whyNoDockerHost(value);
    if (why) context.addIssue({ code: "custom", message: why });
  }),
  dockerContext: text(),
  dockerCertPath: text(),
  dockerSshOptions: json(z.array(z.string(sshOptions).min(1, sshOptions), sshOptions).default([])),
  platform: platform(),
  registryAddress: registry(),
  registryUsername: text(),
  registryPassword: text(),
  mounts: json(
    z
      .array(
        z.strictObject(
          {
            source: z.string(mountsForm).min(1, mountsForm),
            target: z.string(mountsForm).startsWith("/", mountsForm),
            readOnly: z.boolean(mountsForm).default(true),
          },
          mountsForm,
        ),
        mountsForm,
      )
      .default([]),
  ),
  trustedProxies: json(z.array(z.union([z.cidrv4(), z.cidrv6()], networks), networks).default([])),
  postgresHost: databaseHost(),
  postgresPort: port(stack.databasePort),
  postgresUser: text(),
  postgresDatabase: text(),
  prefix: text().refine((value) => value === undefined || /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(value), {
    error: "must begin with a letter or digit, and have letters, digits, dots, hyphens and underscores only",
  }),
  databaseVolume: text().refine((value) => value === undefined || /^[a-zA-Z0-9_.-]+$/.test(value), {
    error: "must be a name of letters, digits, dots, hyphens and underscores",
  }),

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
  signingKey: text(),
  /** Checked with the realm and the version, see `readAccess`. */
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
  "tlsCaKey",
  "tlsKey",
  "registryPassword",
  "proxmoxToken",
  "proxmoxPassword",
  "clientSecret",
  "signingKey",
  "testPassword",
] as const satisfies readonly (keyof StackConfig)[];

/** Secrets that the resources use at refresh and destroy too, hence in the plugin's namespace (see `Credentials`). */
const pluginKeys: readonly string[] = [
  "authentikToken",
  "tlsCaKey",
  "tlsKey",
  "proxmoxToken",
  "proxmoxPassword",
  "signingKey",
  "testPassword",
];

/** Whether a value must not stand in the config in plain text. */
export function isSecretKey(key: string): boolean {
  return secretKeys.some((secret) => secret === key) || belongsToCluster(key);
}

/** Certificates that may stand in the plugin's namespace too, which keeps them out of the state. */
export const caKeys = [
  "authentikCaCertificate",
  "proxmoxCa",
  "tlsCaCertificate",
] as const satisfies readonly (keyof StackConfig)[];

/** Whether a key is the credential of one of several Proxmox, such as `proxmoxToken-berlin`. */
function belongsToCluster(key: string): boolean {
  return /^proxmox(Token|Password)-/.test(key);
}

/** The name under which a key stands in the stack's config, as `pulumi config set` takes it. */
export function configKey(key: string): string {
  return pluginKeys.includes(key) || belongsToCluster(key) ? credentialKey(key) : key;
}
