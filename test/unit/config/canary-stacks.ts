import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { companyCa } from "./certificates";

/** Certificates and a context for a remote Docker. `DOCKER_CONFIG` names it during a test. */
export const dockerConfig = mkdtempSync(join(tmpdir(), "canary-docker-"));
const dockerCertPath = join(dockerConfig, "canary-docker-certificates");
const dockerContext = "canary-context";

export function fillDockerConfig(): void {
  const meta = join(dockerConfig, "contexts", "meta", dockerContext);
  for (const folder of [meta, dockerCertPath]) mkdirSync(folder, { recursive: true });
  for (const name of ["ca", "cert", "key"]) writeFileSync(join(dockerCertPath, `${name}.pem`), "");
  const endpoint = { Host: "ssh://canary-context-host.example.com" };
  writeFileSync(
    join(meta, "meta.json"),
    JSON.stringify({ Name: dockerContext, Endpoints: { docker: endpoint } }),
  );
}

/** Text that the encrypted value of a key contains: by the path of the leaf for keys with parts. */
type Canaries = Readonly<Record<string, string>>;

/** A stack's config, all of it encrypted except switches, and the canary at each of its leaves. */
export interface CanaryStack {
  readonly title: string;
  /** Keys that the case requires. Their values are not text. */
  readonly plain: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
  readonly canaries: Canaries;
}

/** The part of a value that no other value has: a line of a PEM, or the name or id of the canary. */
function partOf(value: string): string {
  const [, ofPem] = /^-----BEGIN (?:.*\n){4}(.*)/.exec(value) ?? [];
  return ofPem ?? /(canary|ca0a77e5)[\w-]*/.exec(value)?.[0] ?? value;
}

const list = JSON.stringify;
const credentials = {
  authentikToken: "canaryauthentiktoken0123456789",
  proxmoxToken: "sso@pve!sso=ca0a77e5-2222-3333-4444-555555555555",
};
const onDocker = {
  ...credentials,
  authentikSecretKey: "canary-secret-key",
  authentikBootstrapPassword: "canary-bootstrap",
  postgresPassword: "canary-postgres-password",
};
const addresses = {
  authentikUrl: "https://canary-url.example.com",
  proxmoxAddresses: list(["HTTPS://Canary-PVE.example.com:8006/"]),
};
const canariesOf = (values: Canaries): Canaries =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, partOf(value)]));
const proxmoxAddress = { "proxmoxAddresses[0]": "canary-pve" };

const issued = {
  ...onDocker,
  authentikUrl: addresses.authentikUrl,
  authentikApiUrl: "http://canary-api.example.com:9000",
  authentikBootstrapEmail: "canary-mail@example.com",
  authentikImage: "canary-image.example.com/authentik:2026.5.0",
  postgresImage: "canary-postgres.example.com/postgres:16",
  redisImage: "canary-redis.example.com/redis:7",
  bindAddress: "203.0.113.78",
  httpBindAddress: "203.0.113.79",
  dockerHost: "tcp://canary-docker.example.com:2376",
  dockerCertPath,
  pullImages: "canary-pull",
  registryAddress: "canary-registry.example.com",
  registryUsername: "canary-registry-user",
  registryPassword: "canary-registry-password",
  redisPassword: "canary-redis-password-of-20",
  prefix: "canary-prefix",
  databaseVolume: "canary-volume",
  tlsCaCertificate: companyCa.certificate,
  tlsCaKey: companyCa.privateKey,
  proxmoxApiUrl: "https://canary-pve-api.example.com:8006",
  proxmoxFingerprint: "ca".repeat(16) + "fe".repeat(16),
  realm: "canary-realm",
  applicationName: "canary application",
  applicationSlug: "canary-slug",
  authorizationFlow: "canary-authorization",
  invalidationFlow: "canary-invalidation",
  clientId: "canary-client-id",
  clientSecret: "canary-client-secret",
  testUsername: "canary-user",
  testPassword: "canary-password",
};

const ownPairs = {
  ...onDocker,
  authentikUrl: addresses.authentikUrl,
  authentikCaCertificate: companyCa.certificate,
  tlsCertificatePath: "/canary-web/certificate.pem",
  tlsKeyPath: "/canary-web-key/key.pem",
  signingCertificatePath: "/canary-signing/certificate.pem",
  signingKeyPath: "/canary-signing-key/key.pem",
  dockerContext,
  postgresHost: "canary-database.example.com",
  postgresUser: "canary-database-user",
  postgresDatabase: "canary-database-name",
  proxmoxUsername: "canary-login@pve",
  proxmoxPassword: "canary-login-password",
  proxmoxNodeAddress: "https://{node}.canary-nodes.example.com:8006",
  proxmoxCa: companyCa.certificate,
};

const inSwarm = {
  ...onDocker,
  authentikUrl: addresses.authentikUrl,
  authentikApiUrl: "http://canary-api.example.com:9000",
  tlsCertificatePath: "/canary-web/certificate.pem",
  tlsKey: companyCa.privateKey,
  signingCertificatePath: "/canary-signing/certificate.pem",
  signingKey: companyCa.privateKey,
  postgresHost: "canary-database.example.com",
  dockerHost: "tcp://canary-docker.example.com:2376",
  dockerCertPath,
};

const existing = {
  ...credentials,
  authentikUrl: addresses.authentikUrl,
  authentikFingerprint: "fe".repeat(16) + "ca".repeat(16),
};

/** Stacks that together have a text at each leaf of the schema. */
export const canaryStacks: readonly CanaryStack[] = [
  {
    title: "authentik on Docker with a certificate that a CA issues",
    plain: { allowEveryone: "true" },
    secret: {
      ...issued,
      ...addresses,
      authentikEnvironment: list({
        AUTHENTIK_EMAIL__PASSWORD: "canary-smtp",
        HTTPS_PROXY: "http://canary-proxy",
      }),
      mounts: list([{ source: "/canary-source", target: "/canary-target" }]),
      trustedProxies: list(["203.0.113.77/32"]),
      dockerSshOptions: list(["-canary-ssh"]),
      dockerSubnets: list({ frontend: "10.231.77.0/24", backend: "10.231.78.0/24" }),
    },
    canaries: {
      ...canariesOf(issued),
      ...proxmoxAddress,
      "authentikEnvironment.AUTHENTIK_EMAIL__PASSWORD": "canary-smtp",
      "authentikEnvironment.HTTPS_PROXY": "canary-proxy",
      "mounts[0].source": "canary-source",
      "mounts[0].target": "canary-target",
      "trustedProxies[0]": "203.0.113.77/32",
      "dockerSshOptions[0]": "-canary-ssh",
      "dockerSubnets.frontend": "10.231.77.0/24",
      "dockerSubnets.backend": "10.231.78.0/24",
    },
  },
  {
    title: "authentik on Docker with certificates, a database and a login of the user's own",
    plain: { allowEveryone: "true" },
    secret: { ...ownPairs, proxmoxAddresses: addresses.proxmoxAddresses },
    canaries: { ...canariesOf(ownPairs), ...proxmoxAddress },
  },
  {
    title: "authentik in a swarm",
    plain: { allowEveryone: "true", redis: "false" },
    secret: {
      ...inSwarm,
      proxmoxAddresses: addresses.proxmoxAddresses,
      swarm: list({
        constraints: ["node.labels.canary-constraint==true"],
        spread: ["node.labels.canary-spread"],
      }),
    },
    canaries: {
      ...canariesOf(inSwarm),
      ...proxmoxAddress,
      "swarm.constraints[0]": "canary-constraint",
      "swarm.spread[0]": "canary-spread",
    },
  },
  {
    title: "an existing authentik, with access and several clusters",
    plain: { deployAuthentik: "false" },
    secret: {
      ...existing,
      proxmoxAddresses: addresses.proxmoxAddresses,
      authentikVersion: "2026.8.91234",
      proxmoxVersion: "9.91234",
      usernameClaim: "nickname",
      access: list({ "canary admins": { as: "canary-as", "/pool/canary-pool": "CanaryRole" } }),
      roles: list({ CanaryRole: ["VM.Audit"] }),
      clusters: list({
        berlin: {
          addresses: ["https://canary-berlin.example.com:8006"],
          allowEveryone: true,
          clientId: "canary-berlin-id",
          clientSecret: "canary-berlin-secret",
        },
      }),
      "pulumi-nodejs:proxmoxToken-berlin": "sso@pve!sso=ca0a77e5-2222-3333-4444-666666666666",
    },
    canaries: {
      ...canariesOf(existing),
      ...proxmoxAddress,
      authentikVersion: "2026.8.91234",
      proxmoxVersion: "9.91234",
      usernameClaim: "nickname",
      'access["canary admins"].as': "canary-as",
      "roles.CanaryRole[0]": "VM.Audit",
      "clusters.berlin.clientSecret": "canary-berlin-secret",
      "proxmoxToken-berlin": "ca0a77e5-2222-3333-4444-666666666666",
    },
  },
];
