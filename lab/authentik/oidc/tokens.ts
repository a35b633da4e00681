import { createHash } from "node:crypto";
import { CompactEncrypt, SignJWT } from "jose";
import { generateText } from "../kinds/provider";
import { type AuthorizationCode, type Lab, textOf } from "../lab";
import type { Document } from "../store/store";
import { claimsOf, mappingsOf, subjectOf } from "./claims";
import { DEFAULT_ACR } from "./discovery";
import { durationSeconds } from "./duration";
import { encryptionKeyOf, signingKeyOf } from "./keys";

interface Grant {
  provider: Document;
  user: Document;
  scopes: string[];
  issuer: string;
  /** Undefined for a client without a user. */
  login?: Pick<AuthorizationCode, "authenticatedAt" | "session" | "nonce"> | undefined;
}

export interface IssuedTokens {
  accessToken: string;
  idToken: string;
  scopes: string[];
  expiresIn: number;
}

const RANDOM_LENGTH = 40;

export async function issueTokens(lab: Lab, grant: Grant): Promise<IssuedTokens> {
  const { provider, user, login } = grant;
  const scopes = await grantedScopes(lab, grant);
  const claims = await claimsOf(lab, provider, user, scopes);
  const now = Math.floor(Date.now() / 1000);
  const expiresIn = durationSeconds(textOf(provider, "access_token_validity"));
  const subject = subjectOf(provider, user);
  const clientId = textOf(provider, "client_id");
  const nonce: Document = login?.nonce === undefined ? {} : { nonce: login.nonce };
  const identity: Document = {
    iss: grant.issuer,
    sub: subject,
    aud: clientId,
    exp: now + expiresIn,
    iat: now,
    ...(login ? { auth_time: login.authenticatedAt } : {}),
    acr: DEFAULT_ACR,
    ...(login ? { amr: ["pwd"] } : {}),
    ...nonce,
    ...(login ? { sid: createHash("sha256").update(login.session).digest("hex") } : {}),
    ...(lab.profile.name === "2026.5" ? { jti: generateText(RANDOM_LENGTH) } : {}),
    ...(provider.include_claims_in_id_token ? claims : {}),
  };
  const scope = scopes.join(" ");
  const idToken = await protect(lab, provider, identity);
  const accessToken = await protect(lab, provider, {
    ...identity,
    azp: clientId,
    uid: generateText(RANDOM_LENGTH),
    scope,
  });
  await lab.accessTokens.set(accessToken, {
    expiresAt: now + expiresIn,
    scopes,
    userinfo: { sub: subject, ...claims, ...nonce },
    introspection: { ...identity, active: true, scope, client_id: clientId },
  });
  return { accessToken, idToken, scopes, expiresIn };
}

/** Scopes without a mapping of the provider are dropped, including `openid`. */
async function grantedScopes(lab: Lab, { provider, scopes }: Grant): Promise<string[]> {
  const mappings = await mappingsOf(lab, provider);
  const offered = new Set(mappings.map((mapping) => textOf(mapping, "scope_name")));
  return scopes.filter((scope) => offered.has(scope));
}

/** Signs the token, and encrypts it if there is an encryption key. */
async function protect(lab: Lab, provider: Document, claims: Document): Promise<string> {
  const key = await signingKeyOf(lab, provider);
  const header =
    "keyId" in key ? { alg: key.algorithm, kid: key.keyId, typ: "JWT" } : { alg: key.algorithm, typ: "JWT" };
  const signed = await new SignJWT(claims)
    .setProtectedHeader(header)
    .sign("keyId" in key ? key.privateKey : key.secret);
  const encryption = await encryptionKeyOf(lab, provider);
  if (!encryption) return signed;
  return new CompactEncrypt(Buffer.from(signed))
    .setProtectedHeader({
      alg: "RSA-OAEP-256",
      enc: "A256CBC-HS512",
      typ: "JWE",
      kid: encryption.keyId,
    })
    .encrypt(encryption.publicKey);
}
