import type { JSONWebKeySet } from "jose";
import * as oauth from "oauth4webapi";
import { z } from "zod";
import { parseUrl } from "../../../providers/http/host";
import { Failure } from "../errors";
import type { Realm } from "../state/domains-config";
import { type Fetch, requestFailed, type Surroundings, trustedFetch } from "./trusted-fetch";

const metadataSchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  jwks_uri: z.string(),
  token_endpoint: z.string(),
  userinfo_endpoint: z.string().optional(),
  id_token_signing_alg_values_supported: z.array(z.string()),
});

/** An OpenID provider after discovery, with its current keys. */
export interface Provider {
  metadata: z.infer<typeof metadataSchema>;
  jwks: JSONWebKeySet;
  fetch: Fetch;
}

/** Reads discovery document and keys each time, without a cache. */
export async function discover(realm: Realm, surroundings: Surroundings): Promise<Provider> {
  const issuer = realm.options["issuer-url"] ?? "";
  if (parseUrl(issuer) === undefined) throw new Failure("relative URL without a base");
  const fetch = trustedFetch(surroundings);
  const discoveryUrl = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const metadata = parse(metadataSchema, await getJson(fetch, discoveryUrl));
  if (metadata.issuer !== issuer) {
    throw new Failure(
      `Validation error: unexpected issuer URI \`${metadata.issuer}\` (expected \`${issuer}\`)`,
    );
  }
  const keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
  return { metadata, jwks: parse(keys, await getJson(fetch, metadata.jwks_uri)), fetch };
}

/** The token endpoint's answer to an authorization code. */
export async function exchangeCode(
  provider: Provider,
  realm: Realm,
  exchange: { code: string; redirectUri: string; codeVerifier: string },
): Promise<{ idToken: string; accessToken: string }> {
  const { server, client, options } = clientFor(provider, realm);
  const secret = realm.options["client-key"];
  const response = await answerOf("token", () =>
    oauth.authorizationCodeGrantRequest(
      server,
      client,
      secret === undefined ? oauth.None() : oauth.ClientSecretBasic(secret),
      oauth.validateAuthResponse(
        server,
        client,
        new URLSearchParams({ code: exchange.code }),
        oauth.expectNoState,
      ),
      exchange.redirectUri,
      exchange.codeVerifier,
      options,
    ),
  );
  const parsed = z.object({ id_token: z.string(), access_token: z.string() }).safeParse(response);
  if (!parsed.success) throw unreadable("token");
  return { idToken: parsed.data.id_token, accessToken: parsed.data.access_token };
}

export async function fetchUserinfo(provider: Provider, realm: Realm, accessToken: string): Promise<unknown> {
  const { server, client, options } = clientFor(provider, realm);
  return answerOf("userinfo", () => oauth.userInfoRequest(server, client, accessToken, options));
}

function clientFor({ metadata, fetch }: Provider, realm: Realm) {
  const server: oauth.AuthorizationServer = {
    issuer: metadata.issuer,
    token_endpoint: metadata.token_endpoint,
    ...(metadata.userinfo_endpoint === undefined ? {} : { userinfo_endpoint: metadata.userinfo_endpoint }),
  };
  return {
    server,
    client: { client_id: realm.options["client-id"] ?? "" },
    options: {
      [oauth.customFetch]: fetch,
      // A real node also connects to an authentik without TLS.
      [oauth.allowInsecureRequests]: true,
    },
  };
}

/** A real node only reports that the request failed, or that it cannot read the answer. */
async function answerOf(endpoint: string, request: () => Promise<Response>): Promise<unknown> {
  let response: Response;
  try {
    response = await request();
  } catch (error) {
    throw new Failure(`Failed to contact ${endpoint} endpoint: Request failed`, { cause: error });
  }
  if (!response.ok) throw new Failure(`Failed to contact ${endpoint} endpoint: Request failed`);
  try {
    return await response.json();
  } catch {
    throw unreadable(endpoint);
  }
}

export function unreadable(endpoint: string): Failure {
  return new Failure(`Failed to contact ${endpoint} endpoint: Failed to parse server response`);
}

async function getJson(fetch: Fetch, url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { accept: "application/json" } });
  if (!response.ok) throw requestFailed(`http status: ${response.status}`);
  try {
    return await response.json();
  } catch {
    throw new Failure("Failed to parse server response: expected value at line 1 column 1");
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".");
  const column = JSON.stringify(value).length;
  throw new Failure(`Failed to parse server response: missing field \`${field}\` at line 1 column ${column}`);
}
