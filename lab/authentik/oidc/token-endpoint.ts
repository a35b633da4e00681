import OAuth2Server from "@node-oauth/oauth2-server";
import type { Context } from "../api/kind";
import { insert } from "../api/objects";
import { findApplication } from "../kinds/provider";
import { type AuthorizationCode, newUuid, textOf } from "../lab";
import { jsonReply, type Reply } from "../server/reply";
import type { Document } from "../store/store";
import { durationSeconds } from "./duration";
import { type IssuedTokens, issueTokens } from "./tokens";
import { issuerOf } from "./urls";

/** The real server answers each of these with 400, regardless of the RFC. */
const DESCRIPTIONS: Record<string, string> = {
  invalid_client:
    "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method)",
  invalid_grant:
    "The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client",
  unsupported_grant_type: "The authorization grant type is not supported by the authorization server",
};

const GRANTS = ["authorization_code", "client_credentials"];
const UNUSED_LIFETIME_SECONDS = 3600;

interface TokenRequest {
  authorization: string | undefined;
  form: Record<string, string>;
}

export async function tokenEndpoint(context: Context, request: TokenRequest): Promise<Reply> {
  const exchange = new Exchange(context);
  const options = {
    model: exchange,
    accessTokenLifetime: UNUSED_LIFETIME_SECONDS,
    refreshTokenLifetime: UNUSED_LIFETIME_SECONDS,
    enablePlainPKCE: true,
    // Public clients have no secret. `getClient` checks the secret of confidential clients.
    requireClientAuthentication: { authorization_code: false },
  };
  const server = new OAuth2Server(options);
  const headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    // The library ignores a body without a length.
    "content-length": "1",
    ...(request.authorization === undefined ? {} : { authorization: plainBasic(request.authorization) }),
  };
  try {
    await server.token(
      new OAuth2Server.Request({ method: "POST", headers, query: {}, body: request.form }),
      new OAuth2Server.Response({}),
    );
  } catch (error) {
    if (exchange.failure !== undefined) throw exchange.failure;
    if (error instanceof OAuth2Server.OAuthError) return refusal(error.name);
    throw error;
  }
  return jsonReply(200, answerOf(exchange.issued), { "cache-control": "no-store", pragma: "no-cache" });
}

/**
 * authentik does not decode Basic credentials. Proxmox's client leaves these four characters unencoded, but other
 * libraries encode them. Without this, an ID with a hyphen could not log in.
 */
function plainBasic(authorization: string): string {
  const [scheme = "", credentials = ""] = authorization.split(" ");
  const plain = Buffer.from(credentials, "base64")
    .toString()
    .replace(/%(?:2[ADE]|5F)/gi, decodeURIComponent);
  return `${scheme} ${Buffer.from(plain).toString("base64")}`;
}

function refusal(name: string): Reply {
  const error = name in DESCRIPTIONS ? name : "invalid_client";
  return jsonReply(400, {
    error,
    error_description: DESCRIPTIONS[error] ?? "",
    request_id: newUuid().replaceAll("-", ""),
  });
}

function answerOf(issued: IssuedTokens | undefined): Document {
  if (!issued) throw new Error("The token request succeeded without tokens.");
  return {
    access_token: issued.accessToken,
    token_type: "Bearer",
    scope: issued.scopes.join(" "),
    expires_in: issued.expiresIn,
    id_token: issued.idToken,
  };
}

/** The model of the OAuth library for one token request. */
class Exchange implements OAuth2Server.AuthorizationCodeModel, OAuth2Server.ClientCredentialsModel {
  issued: IssuedTokens | undefined;
  /** The library wraps every error. This field keeps the original. */
  failure: unknown;
  private provider: Document | undefined;
  private code: AuthorizationCode | undefined;

  constructor(private readonly context: Context) {}

  async getClient(clientId: string, secret: string | undefined): Promise<OAuth2Server.Client | undefined> {
    const providers = await this.context.lab.store.list("provider");
    const provider = providers.find((candidate) => candidate.client_id === clientId);
    if (!provider) return undefined;
    if (provider.client_type === "confidential" && provider.client_secret !== secret) return undefined;
    this.provider = provider;
    return {
      id: clientId,
      grants: GRANTS,
      accessTokenLifetime: durationSeconds(textOf(provider, "access_token_validity")),
    };
  }

  async getAuthorizationCode(code: string): Promise<OAuth2Server.AuthorizationCode | undefined> {
    this.code = await this.context.lab.codes.get(code);
    if (!this.code) return undefined;
    const { clientId, user, codeChallenge, codeChallengeMethod, expiresAt, redirectUri, scopes } = this.code;
    return {
      authorizationCode: code,
      expiresAt: new Date(expiresAt),
      redirectUri,
      scope: scopes,
      client: { id: clientId, grants: GRANTS },
      user: { pk: user },
      ...(codeChallenge === undefined
        ? {}
        : { codeChallenge, codeChallengeMethod: codeChallengeMethod ?? "plain" }),
    };
  }

  async revokeAuthorizationCode(code: OAuth2Server.AuthorizationCode): Promise<boolean> {
    return this.context.lab.codes.delete(code.authorizationCode);
  }

  /** A client without a user gets its own account, as in the real server. */
  async getUserFromClient(): Promise<OAuth2Server.User> {
    const username = `ak-${this.provider?.name}-client_credentials`;
    const users = await this.context.lab.store.list("user");
    const user =
      users.find((candidate) => candidate.username === username) ??
      (await insert(
        this.context.kinds.user,
        {
          username,
          name: `Autogenerated user from application ${this.provider?.name}`,
          type: "service_account",
        },
        this.context,
      ));
    return { pk: user.pk };
  }

  async saveToken(
    token: OAuth2Server.Token,
    client: OAuth2Server.Client,
    user: OAuth2Server.User,
  ): Promise<OAuth2Server.Token> {
    try {
      this.issued = await this.issue(String(user.pk), token.scope ?? []);
      return { ...token, client, user, accessToken: this.issued.accessToken };
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  async getAccessToken(): Promise<undefined> {
    return undefined;
  }

  async saveAuthorizationCode(): Promise<never> {
    throw new Error("Codes are made by the authorization endpoint.");
  }

  private async issue(userKey: string, scopes: string[]): Promise<IssuedTokens> {
    const { lab, origin } = this.context;
    const provider = this.provider;
    const user = await lab.store.get("user", userKey);
    const application = provider && (await findApplication(provider, { lab }));
    if (!provider || !user || !application) throw new Error("The user or the application is gone.");
    const issuer = issuerOf(provider, textOf(application, "slug"), origin);
    return issueTokens(lab, { provider, user, scopes, issuer, login: this.code });
  }
}
