import { UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import type { AuthentikClient } from "./client";
import type { CertificateKeyPair } from "./wire";

const withKey = new WeakMap<AuthentikClient, Set<string>>();

/** Remembers that a pair can sign. The same run then needs no lookup. */
export function noteKey(client: AuthentikClient, { pk, private_key_available }: CertificateKeyPair): void {
  const known = withKey.get(client) ?? new Set<string>();
  withKey.set(client, known);
  if (private_key_available) known.add(pk);
  else known.delete(pk);
}

/**
 * authentik accepts a certificate without its key, and later fails at discovery, or keeps serving its own
 * certificate.
 */
export async function requireKey(client: AuthentikClient, input: string, pk: string): Promise<void> {
  if (withKey.get(client)?.has(pk)) return;
  const pair = await undefinedIfMissing(client.certificates.read(pk));
  if (!pair) return;
  noteKey(client, pair);
  if (pair.private_key_available) return;
  throw new UserError(
    `\`${input}\`: the certificate "${pair.name}" has no private key in authentik, so it cannot sign or serve. Use a certificate with a private key.`,
  );
}
