import { z } from "zod";
import { credentialKey } from "../providers/core/credentials";
import { fingerprint } from "../providers/http/fingerprint";
import { sameWhenEncoded } from "../providers/sso/basicCredential";

/**
 * The stack's configuration. `Pulumi.yaml` describes each key for people; a test keeps the two lists equal.
 * The engine hands every value over as text, the empty default included, which counts as not given.
 */
const text = () =>
  z.preprocess((value) => (isBlank(value) ? undefined : value), z.string().trim().optional());

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}

function json<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => {
    if (typeof value !== "string") return value;
    if (isBlank(value)) return undefined;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }, schema);
}

const flag = (fallback: boolean) => json(z.boolean("must be true or false").default(fallback));
const portNumber = "must be a port number (1 to 65535)";
const port = (fallback: number) =>
  json(z.int(portNumber).min(1, portNumber).max(65535, portNumber).default(fallback));
const environment =
  "must be names with texts; set one with: pulumi config set --path authentikEnvironment.AUTHENTIK_LOG_LEVEL debug";
const mountsForm = "must be a list of {source: host path or volume, target: absolute path, readOnly: true}";
const days = "must be a number of days, at most 36500";
const proxmoxVersion = "must be the version of Proxmox VE, 7.0 or later, e.g. 9.2";
const megabytes = "must be a number of MiB, at least 512";
const pem = () =>
  text().refine((value) => value === undefined || value.includes("-----BEGIN CERTIFICATE-----"), {
    error: "must be the PEM text of a certificate (-----BEGIN CERTIFICATE----- …)",
  });
const privateKeyPem = () =>
  text().refine((value) => value === undefined || /-----BEGIN (RSA )?PRIVATE KEY-----/.test(value), {
    error: "must be the PEM text of an RSA private key (-----BEGIN PRIVATE KEY----- …)",
  });

export const configSchema = z.strictObject({
  // authentik
  authentikUrl: text(),
  deployAuthentik: flag(true),
  authentikApiUrl: text(),
  authentikCaCertificate: pem(),
  authentikToken: text(),

  // authentik on Docker
  authentikSecretKey: text(),
  authentikBootstrapPassword: text(),
  authentikBootstrapEmail: text(),
  postgresPassword: text(),
  tlsCaCertificate: pem(),
  tlsCaKey: privateKeyPem(),
  authentikImage: text(),
  authentikVersion: text(),
  postgresImage: text(),
  redisImage: text(),
  redis: flag(true),
  bindAddress: text(),
  httpPort: port(80),
  httpsPort: port(443),
  authentikEnvironment: json(
    z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean()], environment).transform(String),
        environment,
      )
      .default({}),
  ),
  errorReporting: flag(false),
  memoryMegabytes: json(z.int(megabytes).min(512, megabytes).default(2048)),
  cpus: text().refine((value) => value === undefined || /^\d+(\.\d+)?$/.test(value), {
    error: "must be a number of CPUs, e.g. 1.5",
  }),
  dockerHost: text(),
  dockerContext: text(),
  dockerCertPath: text(),
  platform: text(),
  registryAddress: text(),
  registryUsername: text(),
  registryPassword: text(),
  mounts: json(
    z
      .array(
        z.strictObject({
          source: z.string().min(1),
          target: z.string().startsWith("/", mountsForm),
          readOnly: z.boolean().default(true),
        }),
        mountsForm,
      )
      .default([]),
  ),
  trustedProxies: json(z.array(z.string(), "must be a list of networks, e.g. 10.0.0.0/8").default([])),
  postgresHost: text(),
  postgresPort: port(5432),
  postgresUser: text(),
  postgresDatabase: text(),

  // Proxmox
  proxmoxAddresses: json(
    z
      .array(z.string("must be a list of addresses as text"), {
        error:
          "must be a list; set its entries with: pulumi config set --path 'proxmoxAddresses[0]' https://…",
      })
      .default([]),
  ),
  proxmoxApiUrl: text(),
  proxmoxCa: pem(),
  proxmoxFingerprint: text().pipe(fingerprint.optional()),
  proxmoxVersion: text().refine(
    (value) => value === undefined || /^([7-9]|[1-9]\d)\.\d+/.test(value),
    proxmoxVersion,
  ),
  proxmoxUsername: text(),
  proxmoxPassword: text(),
  proxmoxToken: text().refine(
    (value) => value === undefined || /^[^@!=\s]+@[^@!=\s]+![^@!=\s]+=\S+$/.test(value),
    {
      error: 'must have the form "user@realm!name=secret"',
    },
  ),

  // single sign-on
  realm: text(),
  realmDefault: flag(false),
  usernameClaim: text(),
  autocreate: flag(true),
  applicationName: text(),
  applicationSlug: text(),
  clientId: text().pipe(sameWhenEncoded.optional()),
  clientSecret: text().pipe(sameWhenEncoded.optional()),
  signingKeySize: json(
    z.union([z.literal(2048), z.literal(3072), z.literal(4096)], "must be 2048, 3072 or 4096").default(2048),
  ),
  signingValidityDays: json(z.int(days).min(1, days).max(36_500, days).default(3650)),
  signingRenewBeforeDays: json(z.int(days).min(0, days).max(36_500, days).optional()),
  signingCertificatePath: text(),
  signingKeyPath: text(),
  signingKey: text(),
  allowEveryone: flag(false),
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
  "proxmoxToken",
  "proxmoxPassword",
  "signingKey",
  "testPassword",
];

/** The name under which a key stands in the stack's config, as `pulumi config set` takes it. */
export function configKey(key: string): string {
  return pluginKeys.includes(key) ? credentialKey(key) : key;
}
