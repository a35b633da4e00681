import type { AxiosInstance, AxiosRequestConfig } from "axios";
import { undefinedIfMissing } from "../core/gone";
import type { Listed } from "../core/sharedReads";
import { createHttp } from "../http/client";
import { isJson, notTheApi } from "../http/failures";
import { isSafe } from "../http/retries";
import type { TrustOptions } from "../http/tls";
import { Collection, pageSize, pagesAt, type Query } from "./collection";
import { explain, retryRules, UnknownPathError } from "./errors";
import { csrfHeaders, type LoginSession } from "./session";
import type {
  Application,
  AuthenticatedSession,
  Brand,
  CertificateKeyPair,
  Flow,
  Group,
  OAuth2Provider,
  PolicyBinding,
  ScopeMapping,
  Self,
  Token,
  User,
  Worker,
} from "./wire";

/** The credential of the requests: an API token, or the session of a person who has logged in. */
type Credential = { readonly token: string } | { readonly session: LoginSession };

export type AuthentikAccess = TrustOptions &
  Credential & { readonly url: string; readonly tokenConfigKey: string };

/** The part of authentik's REST API that this program uses. Every failure becomes a `UserError`. */
export class AuthentikClient {
  readonly #http: AxiosInstance;
  readonly #tokenConfigKey: string;

  readonly certificates = new Collection<CertificateKeyPair>(
    this,
    "crypto/certificatekeypairs",
    ({ pk }) => pk,
  );
  readonly oauth2Providers = new OAuth2Providers(this);
  readonly applications = new Applications(this);
  readonly flows = new Collection<Flow>(this, "flows/instances", ({ slug }) => slug);
  readonly scopeMappings = new Collection<ScopeMapping>(
    this,
    "propertymappings/provider/scope",
    ({ pk }) => pk,
  );
  readonly brands = new Collection<Brand>(this, "core/brands", ({ brand_uuid }) => brand_uuid);
  readonly groups = new Collection<Group>(this, "core/groups", ({ pk }) => pk, { include_users: "false" });
  readonly users = new Collection<User, number>(this, "core/users", ({ pk }) => pk);
  readonly policyBindings = new Collection<PolicyBinding>(this, "policies/bindings", ({ pk }) => pk);
  readonly sessions = new Collection<AuthenticatedSession>(
    this,
    "core/authenticated_sessions",
    ({ uuid }) => uuid,
  );
  readonly tokens = new Collection<Token>(this, "core/tokens", ({ identifier }) => identifier);

  constructor(access: AuthentikAccess) {
    this.#tokenConfigKey = access.tokenConfigKey;
    this.#http = createHttp({
      baseUrl: access.url,
      // The client recognizes some answers by their English text.
      headers: { ...headersOf(access), "Accept-Language": "en" },
      caCertificate: access.caCertificate,
      fingerprint: access.fingerprint,
      isPaced: true,
      ...retryRules,
    });
  }

  async version(): Promise<string> {
    const { version_current } = await this.request<{ version_current: string }>(
      { url: "/api/v3/admin/version/" },
      (body) => typeof body.version_current === "string",
    );
    return version_current;
  }

  /** The running workers. Requires authentik 2025.8, and permission to read the system's state. */
  async workers(): Promise<Worker[]> {
    return await this.request<Worker[]>({ url: "/api/v3/tasks/workers/" }, Array.isArray);
  }

  /** Whether the server reports itself ready. Its default objects may still be missing. */
  async isUp(): Promise<boolean> {
    try {
      const { status } = await this.#http.get("/-/health/ready/", { "axios-retry": { retries: 0 } });
      return status === 200;
    } catch {
      return false;
    }
  }

  /** The server's description of its API: JSON, or YAML as text. Undefined if the server has none. */
  async schema(): Promise<unknown> {
    const options = { params: { format: "json" }, "axios-retry": { retries: 0 } };
    try {
      return (await this.#http.get<unknown>("/api/v3/schema/", options)).data;
    } catch {
      return undefined;
    }
  }

  async certificatePem(pk: string): Promise<string> {
    const body = await this.request<{ data: string }>({
      url: `/api/v3/crypto/certificatekeypairs/${pk}/view_certificate/`,
    });
    return body.data;
  }

  /** For releases before 2025.12. In later ones the icon is an ordinary field. */
  async setApplicationIcon(slug: string, url: string): Promise<void> {
    const path = `/api/v3/core/applications/${encodeURIComponent(slug)}/set_icon_url/`;
    await this.request({ method: "post", url: path, data: { url } });
  }

  async setPassword(user: number, password: string): Promise<void> {
    await this.request({
      method: "post",
      url: `/api/v3/core/users/${user}/set_password/`,
      data: { password },
    });
  }

  /** The objects of a kind that has no collection here. Empty if this release of authentik has no such kind. */
  async listAt<Item>(path: string, query: Query = {}): Promise<readonly Item[]> {
    try {
      return (await pagesAt<Item>(this, `/api/v3/${path}`, { ...query, page_size: pageSize })).items;
    } catch (error) {
      if (error instanceof UnknownPathError) return [];
      throw error;
    }
  }

  /** Names of the active direct members of a group. */
  async membersOf(name: string): Promise<string[]> {
    const [group] = await this.groups.list({ name, include_users: "true" });
    const active = (group?.users_obj ?? []).filter((user) => user.is_active);
    return active.map(({ username }) => username).sort();
  }

  /** Names of all direct members of a group. */
  async members(group: string): Promise<string[]> {
    const { users_obj } = await this.groups.get(group);
    return (users_obj ?? []).map(({ username }) => username).sort();
  }

  /** The user of the token. */
  async self(): Promise<Self> {
    const { user } = await this.request<{ user: Self }>(
      { url: "/api/v3/core/users/me/" },
      (body) => typeof body.user === "object",
    );
    return user;
  }

  /**
   * @param isExpected whether the JSON is authentik's answer to this request, and not another product's. Without it, a
   * write may have no answer.
   */
  async request<Body>(config: AxiosRequestConfig, isExpected?: (body: Body) => boolean): Promise<Body> {
    try {
      const response = await this.#http.request<Body>(config);
      const isEmpty = response.status === 204 && isExpected === undefined && !isSafe(response);
      const isAnswer = isEmpty || (isJson(response) && (isExpected?.(response.data) ?? true));
      if (!isAnswer) throw notTheApi(response, "authentik");
      return response.data;
    } catch (error) {
      throw explain(error, this.#tokenConfigKey);
    }
  }
}

function headersOf(credential: Credential): Record<string, string> {
  if ("token" in credential) return { Authorization: `Bearer ${credential.token}` };
  const { session } = credential;
  return { Cookie: session.cookies, ...csrfHeaders(session) };
}

class Applications extends Collection<Application> {
  readonly #client: AuthentikClient;

  constructor(client: AuthentikClient) {
    super(client, "core/applications", ({ slug }) => slug, {
      // Without it, authentik answers from a cache that ignores filters and lists only what this user may open.
      superuser_full_list: "true",
    });
    this.#client = client;
  }

  /**
   * For a user who is not a superuser, authentik lists the applications that this user may open. The list can be a
   * day old.
   */
  protected override async shared(): Promise<Listed<Application>> {
    return (await this.#client.self()).is_superuser ? super.shared() : { items: [], isWhole: false };
  }

  /**
   * Reads the application with this slug. Simultaneous reads share one list, which is not older than the last delete of
   * a provider.
   */
  async withSlug(slug: string): Promise<Application | undefined> {
    const isWanted = (application: Application) => application.slug === slug;
    const [found] = await this.reads.readSome(slug, isWanted, async () => {
      const application = await undefinedIfMissing(this.get(slug));
      return application === undefined ? [] : [application];
    });
    return found;
  }
}

class OAuth2Providers extends Collection<OAuth2Provider, number> {
  readonly #client: AuthentikClient;

  constructor(client: AuthentikClient) {
    super(client, "providers/oauth2", ({ pk }) => pk);
    this.#client = client;
  }

  /** authentik removes the provider from its application. */
  override async delete(key: number): Promise<void> {
    await super.delete(key);
    this.#client.applications.forget();
  }
}
