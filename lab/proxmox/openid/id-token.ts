import { compactVerify, createLocalJWKSet, decodeJwt, errors } from "jose";
import { z } from "zod";
import { Failure } from "../errors";
import { type Provider, unreadable } from "./provider";

const text = z.string().optional();

/** Standard claims have fixed types. A token with other types is unreadable. */
const claimsSchema = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string().transform((audience) => [audience]), z.array(z.string())]),
  exp: z.number(),
  iat: z.number(),
  sub: z.string(),
  nonce: text,
  name: text,
  given_name: text,
  family_name: text,
  preferred_username: text,
  nickname: text,
  email: text,
  email_verified: z.boolean().optional(),
});

export type Claims = Record<string, unknown>;

/** Checks an ID token in the order of a real node: audience, signature, expiry, nonce. */
export async function verifyIdToken(
  idToken: string,
  expected: { provider: Provider; clientId: string; audiences: string[]; nonce: string; now: number },
): Promise<Claims> {
  const { provider, clientId, audiences, nonce, now } = expected;
  const claims = readClaims(idToken);
  if (claims.iss !== provider.metadata.issuer) {
    throw invalid(`Invalid issuer: expected \`${provider.metadata.issuer}\` (found \`${claims.iss}\`)`);
  }
  requireAudience(claims.aud, clientId, audiences);
  await requireSignature(idToken, provider);
  requireUnexpired(claims.exp, now);
  if (claims.nonce !== nonce) throw invalid("Invalid nonce: nonce mismatch");
  return claims;
}

function readClaims(idToken: string): z.infer<typeof claimsSchema> {
  try {
    return claimsSchema.parse(decodeJwt(idToken));
  } catch {
    throw unreadable("token");
  }
}

function requireAudience(found: string[], clientId: string, trusted: string[]): void {
  if (!found.includes(clientId)) {
    const list = found.map((audience) => `\`${audience}\``).join(", ");
    throw invalid(`Invalid audiences: must contain \`${clientId}\` (found audiences: ${list})`);
  }
  const untrusted = found.find((audience) => audience !== clientId && !trusted.includes(audience));
  if (untrusted !== undefined) throw invalid(`Invalid audiences: \`${untrusted}\` is not a trusted audience`);
}

async function requireSignature(idToken: string, { jwks, metadata }: Provider): Promise<void> {
  const algorithms = metadata.id_token_signing_alg_values_supported;
  try {
    await compactVerify(idToken, createLocalJWKSet(jwks), { algorithms });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw invalid("Signature verification failed");
  }
}

/** Without tolerance: a token that expires now has expired. No recording shows a check of `iat`. */
function requireUnexpired(exp: number, now: number): void {
  if (exp * 1000 > now) return;
  const asUtc = (time: number) => new Date(time).toISOString().replace("T", " ").replace("Z", " UTC");
  const expiry = asUtc(exp * 1000).replace(".000", "");
  throw invalid(`Expired: ID token expired at ${expiry} (current time is ${asUtc(now)})`);
}

function invalid(detail: string): Failure {
  return new Failure(`Failed to verify ID token: ${detail}`);
}
