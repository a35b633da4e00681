import { z } from "zod";
import type { Credentials } from "../core/credentials";
import { fingerprint } from "../http/fingerprint";
import { ProxmoxClient } from "./client";
import { userId } from "./names";
import { credentialFrom } from "./session";
import { apiTokenIn } from "./token";

/** How to reach a Proxmox API. The token itself stays in the stack config. */
export const proxmoxConnection = z.strictObject({
  /** Base URL of the API, e.g. `https://pve.example.com:8006`; behind a gateway with its path, `https://gw.example.com/pve`. */
  url: z.url({ protocol: /^https?$/, error: "must be the API's URL, e.g. https://pve.example.com:8006" }),
  /** PEM of the CA that signed the API's certificate, unless it is a public one (`/etc/pve/pve-root-ca.pem`). */
  caCertificate: z.string().optional(),
  /** SHA-256 fingerprint of the API's own certificate, instead of a CA. */
  fingerprint: fingerprint.optional(),
  /** The stack config key (a secret, in the namespace `pulumi-nodejs`) with the API token, `user@realm!name=secret`. */
  tokenConfigKey: z.string().default("proxmoxToken"),
  /** Log in as this user instead of with an API token, if tokens are not allowed. */
  login: z
    .strictObject({
      /** `name@realm`, e.g. `root@pam`. */
      username: userId,
      /** The stack config key (a secret, in the namespace `pulumi-nodejs`) with the password. */
      passwordConfigKey: z.string().default("proxmoxPassword"),
    })
    .optional(),
});

export type ProxmoxConnection = z.output<typeof proxmoxConnection>;

/** One client per node and credential in a process, to share connections, tickets and the version. */
const clients = new Map<string, ProxmoxClient>();

export function connectProxmox(connection: ProxmoxConnection, credentials: Credentials): ProxmoxClient {
  const { login, tokenConfigKey, ...access } = connection;
  const credential = credentialFrom(credentials, login, tokenConfigKey, apiTokenIn);
  const key = JSON.stringify([access, credential]);
  const client = clients.get(key) ?? new ProxmoxClient({ ...access, credential });
  clients.set(key, client);
  return client;
}
