import { createHash, randomBytes, randomUUID } from "node:crypto";
import Fastify from "fastify";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { issueCertificate } from "../../lab/proxmox/certificate";

/** The user who logs in, and the faults. */
export interface Login {
  claims?: JWTPayload;
  userinfo?: Record<string, unknown>;
  userinfoStatus?: number;
  signedByOtherKey?: boolean;
  /** Instead of the client's own ID. */
  audience?: string | string[];
  lifetimeSeconds?: number;
  /** How the client must authenticate. By default, with its ID and key. */
  authorization?: string | undefined;
}

interface Grant {
  query: URLSearchParams;
  login: Login;
}

export const clientId = "pve";
export const clientKey = "s3cret";

/** A small OpenID provider, whose users log in without a browser. */
export async function startIssuer(names = ["localhost"], publicUrl?: string) {
  const { caPem, certPem, keyPem } = issueCertificate(names);
  const server = Fastify({ https: { key: keyPem, cert: certPem }, forceCloseConnections: true });
  const key = await generateKeyPair("ES256");
  const otherKey = await generateKeyPair("ES256");
  const grants = new Map<string, Grant>();
  const profiles = new Map<string, Login>();
  const jwks: Record<string, unknown> = {
    keys: [{ ...(await exportJWK(key.publicKey)), kid: "k", alg: "ES256" }],
  };
  let issuer = "";

  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  const discovery = (ownIssuer: string) => ({
    issuer: ownIssuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ["ES256"],
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
  });
  server.get("/.well-known/openid-configuration", () => discovery(issuer));
  server.get("/slash/.well-known/openid-configuration", () => discovery(`${issuer}/slash/`));
  server.get("/redirect/.well-known/openid-configuration", (_request, reply) =>
    reply.redirect(`${issuer}/.well-known/openid-configuration`),
  );
  server.get("/jwks", () => jwks);
  server.post("/token", async (request, reply) => {
    const body = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const grant = grants.get(body.get("code") ?? "");
    grants.delete(body.get("code") ?? "");
    const basic = `Basic ${Buffer.from(`${clientId}:${clientKey}`).toString("base64")}`;
    const expected = grant && "authorization" in grant.login ? grant.login.authorization : basic;
    const challenge = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    const isValid =
      grant?.query.get("code_challenge") === challenge &&
      grant.query.get("redirect_uri") === body.get("redirect_uri") &&
      request.headers.authorization === expected;
    if (grant === undefined || !isValid) return reply.code(400).send({ error: "invalid_grant" });
    const accessToken = randomUUID();
    profiles.set(accessToken, grant.login);
    return {
      access_token: accessToken,
      token_type: "Bearer",
      expires_in: 300,
      id_token: await idToken(grant),
    };
  });
  server.get("/userinfo", (request, reply) => {
    const login = profiles.get((request.headers.authorization ?? "").replace("Bearer ", ""));
    if (login?.userinfoStatus !== undefined) return reply.code(login.userinfoStatus).send();
    return reply.send({ sub: "subject", ...login?.userinfo });
  });

  function idToken({ query, login }: Grant): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ sub: "subject", nonce: query.get("nonce"), ...login.claims })
      .setProtectedHeader({ alg: "ES256", kid: "k" })
      .setIssuer(issuer)
      .setAudience(login.audience ?? clientId)
      .setIssuedAt(now)
      .setExpirationTime(now + (login.lifetimeSeconds ?? 300))
      .sign(login.signedByOtherKey ? otherKey.privateKey : key.privateKey);
  }

  await server.listen({ port: 0, host: "127.0.0.1" });
  const address = server.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  issuer = publicUrl ?? `https://localhost:${port}`;
  return {
    issuer,
    port,
    caPem,
    jwks,
    /** The code and state with which a browser returns to Proxmox. */
    authorize(authUrl: string, login: Login): { code: string; state: string } {
      const query = new URL(authUrl).searchParams;
      const code = randomBytes(16).toString("hex");
      grants.set(code, { query, login });
      return { code, state: query.get("state") ?? "" };
    },
    close: () => server.close(),
  };
}
