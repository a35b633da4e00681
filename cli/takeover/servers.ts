import type { z } from "zod";
import { authentikOrigin, redirectUriOf } from "../../components/addresses";
import { credentialKeysOf } from "../../config/clusters";
import { configKey, configSchema } from "../../config/schema";
import type { AuthentikClient } from "../../providers/authentik/client";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { UserError } from "../../providers/core/errors";
import type { ProxmoxClient } from "../../providers/proxmox/client";
import { connectProxmox, proxmoxConnection } from "../../providers/proxmox/connection";
import { project } from "../doctor/patient";
import { credentialsIn } from "../stack-state";

/** What a stack's config says of the servers before it says anything of single sign-on. */
const serverConfig = configSchema.pick({
  authentikUrl: true,
  deployAuthentik: true,
  authentikApiUrl: true,
  authentikCaCertificate: true,
  authentikFingerprint: true,
  proxmoxAddresses: true,
  proxmoxApiUrl: true,
  proxmoxCa: true,
  proxmoxFingerprint: true,
  proxmoxUsername: true,
  clusters: true,
});

type ServerConfig = z.output<typeof serverConfig>;

export interface Servers {
  readonly authentik: AuthentikClient;
  /** As people and Proxmox open it. */
  readonly origin: string;
  readonly proxmox: ProxmoxClient;
  /** Origins at which people open Proxmox. */
  readonly addresses: readonly string[];
}

/** @param cluster one of `clusters`; without it, the Proxmox of the keys at the top */
export function serversIn(values: Readonly<Record<string, string | undefined>>, cluster?: string): Servers {
  const given = Object.keys(serverConfig.shape).map((key) => [key, values[`${project}:${configKey(key)}`]]);
  const { data: config, error } = serverConfig.safeParse(Object.fromEntries(given));
  if (config === undefined) {
    throw new UserError(error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("\n"));
  }
  const { authentikUrl, deployAuthentik } = config;
  const place = cluster === undefined ? atTheTop(config) : ofCluster(config, cluster);
  if (authentikUrl === undefined || deployAuthentik || place.addresses.length === 0) {
    throw new UserError(
      "The stack has to know both servers first: set authentikUrl, deployAuthentik (false) and proxmoxAddresses, and " +
        "both tokens, as the README has it under 1 and 2b. `npm run init` asks for them.",
    );
  }
  const credentials = credentialsIn(values);
  const origin = authentikOrigin(authentikUrl);
  const addresses = place.addresses.map(redirectUriOf);
  const authentik = authentikConnection.parse({
    url: config.authentikApiUrl ?? origin,
    caCertificate: config.authentikCaCertificate,
    fingerprint: config.authentikFingerprint,
  });
  const proxmox = proxmoxConnection.parse({
    url: place.apiUrl ? redirectUriOf(place.apiUrl) : addresses[0],
    caCertificate: place.ca,
    fingerprint: place.fingerprint,
    tokenConfigKey: place.tokenKey,
    login: place.username ? { username: place.username, passwordConfigKey: place.passwordKey } : undefined,
  });
  return {
    authentik: connectAuthentik(authentik, credentials),
    origin,
    proxmox: connectProxmox(proxmox, credentials),
    addresses,
  };
}

function atTheTop(config: ServerConfig) {
  const names = Object.keys(config.clusters);
  if (config.proxmoxAddresses.length === 0 && names.length > 0) {
    throw new UserError(
      `The stack has only clusters: say which one is meant: --cluster ${names.join(" or ")}`,
    );
  }
  return {
    addresses: config.proxmoxAddresses,
    apiUrl: config.proxmoxApiUrl,
    ca: config.proxmoxCa,
    fingerprint: config.proxmoxFingerprint,
    username: config.proxmoxUsername,
    tokenKey: "proxmoxToken",
    passwordKey: "proxmoxPassword",
  };
}

function ofCluster({ clusters }: ServerConfig, name: string) {
  const cluster = clusters[name];
  if (cluster !== undefined) return { ...cluster, ...credentialKeysOf(name) };
  const known = Object.keys(clusters).join(", ") || "none";
  throw new UserError(
    `The stack has no cluster "${name}" (it has: ${known}). Tell it first where that one is: ` +
      `pulumi config set --path 'clusters.${name}.addresses[0]' https://…`,
  );
}
