import { z } from "zod";
import type { Credentials } from "../core/credentials";
import { fingerprint } from "../http/fingerprint";
import { credentialFrom } from "../proxmox/session";
import { apiTokenOf } from "../proxmox/token";
import { AccessControlClient } from "./client";
import { userId } from "./names";
import type { Product } from "./product";

/** How to reach the API. The token itself stays in the stack config. */
export const accessControlConnection = z.strictObject({
  /** Base URL of the API, e.g. `https://pbs.example.com:8007` or `https://pdm.example.com:8443`. */
  url: z.url({ protocol: /^https?$/, error: "must be the API's URL, e.g. https://pbs.example.com:8007" }),
  /** PEM of the CA that signed the API's certificate, or the certificate itself if it is self-signed. */
  caCertificate: z.string().optional(),
  /** SHA-256 fingerprint of the API's own certificate, instead of a CA. */
  fingerprint: fingerprint.optional(),
  /**
   * The stack config key (a secret, in the namespace `pulumi-nodejs`) with the API token, `user@realm!name:secret`.
   * @default `backupServerToken` or `datacenterManagerToken`
   */
  tokenConfigKey: z.string().optional(),
  /** Log in as this user instead of with an API token. */
  login: z
    .strictObject({
      /** `name@realm`, e.g. `root@pam`. */
      username: userId,
      /**
       * The stack config key (a secret, in the namespace `pulumi-nodejs`) with the password.
       * @default `backupServerPassword` or `datacenterManagerPassword`
       */
      passwordConfigKey: z.string().optional(),
    })
    .optional(),
});

export type AccessControlConnection = z.output<typeof accessControlConnection>;

/** One client per server and credential in a process, to share connections, tickets and the version. */
const clients = new Map<string, AccessControlClient>();

export function connectAccessControl(
  product: Product,
  { login, tokenConfigKey = product.tokenConfigKey, ...access }: AccessControlConnection,
  credentials: Credentials,
): AccessControlClient {
  const passwordConfigKey = login?.passwordConfigKey ?? product.passwordConfigKey;
  const credential = credentialFrom(
    credentials,
    login && { ...login, passwordConfigKey },
    tokenConfigKey,
    apiTokenOf(product.name),
  );
  const key = JSON.stringify([product.module, access, credential]);
  const client = clients.get(key) ?? new AccessControlClient(product, { ...access, credential });
  clients.set(key, client);
  return client;
}
