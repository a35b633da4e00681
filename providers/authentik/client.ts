import type { AxiosInstance, AxiosRequestConfig } from "axios";
import { type Listed, SharedReads } from "../core/sharedReads";
import { createHttp } from "../http/client";
import { isJson, notTheApi } from "../http/failures";
import type { TrustOptions } from "../http/tls";
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
  Page,
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

/** Query of a list call. An array repeats the parameter, as authentik's filters expect. */
type Query = Record<string, string | number | readonly string[]>;

/** The part of authentik's REST API that this program uses. Every failure becomes a `UserError`. */
export class AuthentikClient {
  readonly #http: AxiosInstance;
  readonly #tokenConfigKey: string;

  readonly certificates = new Collection<CertificateKeyPair>(
    this,
    "crypto/certificatekeypairs",
    ({ pk }) => pk,
  );
  readonly oauth2Providers = new Collection<OAuth2Provider, number>(this, "providers/oauth2", ({ pk }) => pk);
  readonly applications = new Applications(this, "core/applications", ({ slug }) => slug, {
    // Without it, authentik answers from a cache that ignores filters and lists only what this user may open.
    superuser_full_list: "true",
  });
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

  /** @param isExpected whether the JSON is authentik's answer to this request, and not another product's */
  async request<Body>(
    config: AxiosRequestConfig,
    isExpected: (body: Body) => boolean = () => true,
  ): Promise<Body> {
    try {
      const response = await this.#http.request<Body>(config);
      const isAnswer = response.status === 204 || (isJson(response) && isExpected(response.data));
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

/** authentik's maximum. */
const pageSize = 100;
/** If a kind has more objects, such as the users of a directory, this stack's objects are read one by one. */
const mostListed = 10 * pageSize;

/** The six operations of every kind of object, with authentik's trailing slashes and pagination. */
class Collection<Item, Key extends string | number = string> {
  protected readonly client: AuthentikClient;
  readonly #path: string;
  readonly #keyOf: (item: Item) => Key;
  readonly #wholeList: Query;
  readonly #reads: SharedReads<Key, Item>;

  /** @param keyOf the object's identifier in paths */
  constructor(client: AuthentikClient, path: string, keyOf: (item: Item) => Key, wholeList: Query = {}) {
    this.client = client;
    this.#path = `/api/v3/${path}/`;
    this.#keyOf = keyOf;
    this.#wholeList = { ...wholeList, page_size: pageSize };
    this.#reads = new SharedReads({
      one: (key) => this.get(key),
      all: () => this.shared(),
      keyOf,
    });
  }

  all(): Promise<Item[]> {
    return this.list(this.#wholeList);
  }

  /** The list that simultaneous reads share. */
  protected shared(): Promise<Listed<Item>> {
    return this.#pages(this.#wholeList, mostListed);
  }

  async list(query: Query = {}): Promise<Item[]> {
    return [...(await pagesAt<Item>(this.client, this.#path, query)).items];
  }

  get(key: Key): Promise<Item> {
    return this.client.request<Item>({ url: this.#at(key) }, this.#isItem);
  }

  /** Reads an object at a refresh. Simultaneous reads share one list. */
  read(key: Key): Promise<Item> {
    return this.#reads.read(key);
  }

  /**
   * Reads the objects that match a filter, from the same shared list.
   * @param question distinguishes questions with the same filter, which the list answers once each
   */
  readWhere(
    filter: Record<string, string>,
    isWanted: (item: Item) => boolean,
    question = JSON.stringify(filter),
  ): Promise<Item[]> {
    return this.#reads.readSome(question, isWanted, async () => (await this.list(filter)).filter(isWanted));
  }

  create(data: object): Promise<Item> {
    return this.#write<Item>({ method: "post", url: this.#path, data }, this.#isItem);
  }

  /** Sends the changes. Without changes, only reads the object. */
  patch(key: Key, data: object): Promise<Item> {
    if (Object.keys(data).length === 0) return this.get(key);
    return this.#write<Item>({ method: "patch", url: this.#at(key), data });
  }

  async delete(key: Key): Promise<void> {
    await this.#reads.withoutRemoved(key, this.client.request({ method: "delete", url: this.#at(key) }));
  }

  #pages(query: Query, most: number): Promise<Listed<Item>> {
    return pagesAt(this.client, this.#path, query, most);
  }

  #write<Body>(config: AxiosRequestConfig, isExpected?: (body: Body) => boolean): Promise<Body> {
    return this.#reads.changedBy(this.client.request<Body>(config, isExpected));
  }

  readonly #isItem = (item: Item): boolean => this.#keyOf(item) !== undefined;

  #at(key: Key): string {
    return `${this.#path}${encodeURIComponent(key)}/`;
  }
}

/** At most the first `most` objects. */
async function pagesAt<Item>(
  client: AuthentikClient,
  url: string,
  query: Query,
  most = Number.POSITIVE_INFINITY,
): Promise<Listed<Item>> {
  const items: Item[] = [];
  for (let page = 1; page !== 0; ) {
    const params = page === 1 ? query : { ...query, page };
    const { results, pagination } = await client.request<Page<Item>>(
      { url, params, paramsSerializer: { indexes: null } },
      isPage,
    );
    items.push(...results);
    if (pagination.count > most) return { items, isWhole: false };
    page = pagination.next;
  }
  return { items, isWhole: true };
}

function isPage({ results, pagination }: Partial<Page<unknown>>): boolean {
  return Array.isArray(results) && typeof pagination === "object";
}

class Applications extends Collection<Application> {
  /**
   * For a user who is not a superuser, authentik lists the applications that this user may open. The list can be a
   * day old.
   */
  protected override async shared(): Promise<Listed<Application>> {
    return (await this.client.self()).is_superuser ? super.shared() : { items: [], isWhole: false };
  }
}
