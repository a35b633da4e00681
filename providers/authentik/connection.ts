import { z } from "zod";
import { type Credentials, credentialKey } from "../core/credentials";
import { fingerprint } from "../http/fingerprint";
import { requirePrintable, tokenIn } from "../http/pasted";
import { AuthentikClient } from "./client";

/** How to reach an authentik API. The token itself stays in the stack config. */
export const authentikConnection = z.strictObject({
  /** Base URL of the server, e.g. `https://auth.example.com`. */
  url: z.url({ protocol: /^https?$/, error: "must be authentik's URL, e.g. https://auth.example.com" }),
  /** PEM of the CA that signed the server's certificate, unless it is a public one. */
  caCertificate: z.string().optional(),
  /** SHA-256 fingerprint of the API's own certificate, instead of a CA. */
  fingerprint: fingerprint.optional(),
  /** The stack config key (a secret, in the namespace `pulumi-nodejs`) with the API token. */
  tokenConfigKey: z.string().default("authentikToken"),
});

export type AuthentikConnection = z.output<typeof authentikConnection>;

/** One client per server and token in a process, to share lookups and connections. */
const clients = new Map<string, AuthentikClient>();

export function connectAuthentik(connection: AuthentikConnection, credentials: Credentials): AuthentikClient {
  const token = credentials.require(connection.tokenConfigKey, (pasted, configKey) =>
    requirePrintable(tokenIn(pasted), configKey),
  );
  const key = JSON.stringify([connection, token]);
  const known = clients.get(key);
  if (known) return known;
  const tokenConfigKey = credentialKey(connection.tokenConfigKey);
  const client = new AuthentikClient({ ...connection, token, tokenConfigKey });
  clients.set(key, client);
  return client;
}
