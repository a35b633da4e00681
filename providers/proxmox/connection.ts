import { z } from "zod";
import { type Credentials, credentialKey } from "../core/credentials";
import { ProxmoxClient } from "./client";

/** How to reach a Proxmox API. The token itself stays in the stack config. */
export const proxmoxConnection = z.strictObject({
  /** Base URL of the API, e.g. `https://pve.example.com:8006`. */
  url: z.url({ protocol: /^https?$/, error: "must be the API's URL, e.g. https://pve.example.com:8006" }),
  /** PEM of the CA that signed the API's certificate, where it is not a public one (`/etc/pve/pve-root-ca.pem`). */
  caCertificate: z.string().optional(),
  /** The stack config key (a secret, in the namespace `pulumi-nodejs`) with the API token, `user@realm!name=secret`. */
  tokenConfigKey: z.string().default("proxmoxToken"),
});

export type ProxmoxConnection = z.output<typeof proxmoxConnection>;

export function connectProxmox(connection: ProxmoxConnection, credentials: Credentials): ProxmoxClient {
  const token = credentials.require(connection.tokenConfigKey);
  return new ProxmoxClient({
    ...connection,
    token,
    tokenConfigKey: credentialKey(connection.tokenConfigKey),
  });
}
