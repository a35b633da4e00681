import { authentikOrigin, redirectUriOf } from "../../components/addresses";
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
});

export interface Servers {
  readonly authentik: AuthentikClient;
  /** As people and Proxmox open it. */
  readonly origin: string;
  readonly proxmox: ProxmoxClient;
  /** Origins at which people open Proxmox. */
  readonly addresses: readonly string[];
}

export function serversIn(values: Readonly<Record<string, string | undefined>>): Servers {
  const given = Object.keys(serverConfig.shape).map((key) => [key, values[`${project}:${configKey(key)}`]]);
  const { data: config, error } = serverConfig.safeParse(Object.fromEntries(given));
  if (config === undefined) {
    throw new UserError(error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("\n"));
  }
  const { authentikUrl, deployAuthentik, proxmoxAddresses, proxmoxApiUrl, proxmoxUsername } = config;
  if (authentikUrl === undefined || deployAuthentik || proxmoxAddresses.length === 0) {
    throw new UserError(
      "The stack has to know both servers first: set authentikUrl, deployAuthentik (false) and proxmoxAddresses, and " +
        "both tokens, as the README has it under 1 and 2b. `npm run init` asks for them.",
    );
  }
  const credentials = credentialsIn(values);
  const origin = authentikOrigin(authentikUrl);
  const addresses = proxmoxAddresses.map(redirectUriOf);
  const authentik = authentikConnection.parse({
    url: config.authentikApiUrl ?? origin,
    caCertificate: config.authentikCaCertificate,
    fingerprint: config.authentikFingerprint,
  });
  const proxmox = proxmoxConnection.parse({
    url: proxmoxApiUrl ? redirectUriOf(proxmoxApiUrl) : addresses[0],
    caCertificate: config.proxmoxCa,
    fingerprint: config.proxmoxFingerprint,
    login: proxmoxUsername ? { username: proxmoxUsername } : undefined,
  });
  return {
    authentik: connectAuthentik(authentik, credentials),
    origin,
    proxmox: connectProxmox(proxmox, credentials),
    addresses,
  };
}
