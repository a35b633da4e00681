import type { AxiosInstance, AxiosRequestConfig } from "axios";
import { createHttp } from "../http/client";
import { isJson, notTheApi } from "../http/failures";
import type { TrustOptions } from "../http/tls";
import { explain, retryRules } from "./errors";
import { authenticate, type ProxmoxCredential } from "./session";

export interface ProxmoxAccess extends TrustOptions {
  readonly url: string;
  readonly credential: ProxmoxCredential;
}

/** A realm of type openid as `GET /access/domains/{realm}` tells it; absent fields are unset. */
export interface Realm {
  type: string;
  digest: string;
  "issuer-url"?: string;
  "client-id"?: string;
  "client-key"?: string;
  "username-claim"?: string;
  autocreate?: 0 | 1;
  default?: 0 | 1;
  comment?: string;
  scopes?: string;
  prompt?: string;
  "acr-values"?: string;
  "groups-claim"?: string;
  "groups-autocreate"?: 0 | 1;
  "groups-overwrite"?: 0 | 1;
  "query-userinfo"?: 0 | 1;
  audiences?: string;
}

type Parameters = Record<string, string | number | undefined>;

/** Proxmox VE's access API, as far as this program uses it. Every failure is thrown as a clear `UserError`. */
export class ProxmoxClient {
  readonly #http: AxiosInstance;
  readonly #credential: ProxmoxCredential;

  constructor({ url, credential, caCertificate, fingerprint }: ProxmoxAccess) {
    this.#credential = credential;
    this.#http = createHttp({ baseUrl: url, headers: {}, caCertificate, fingerprint, ...retryRules });
    authenticate(this.#http, credential);
  }

  /** Of the whole product, e.g. `9.2`. */
  async version(): Promise<string> {
    const { release } = await this.#call<{ release: string }>({ url: "/api2/json/version" });
    return release;
  }

  /** The names of the OpenID realms; everybody may see them. */
  async openIdRealms(): Promise<string[]> {
    const realms = await this.#call<{ realm: string; type: string }[]>({ url: "/api2/json/access/domains" });
    return realms.filter(({ type }) => type === "openid").map(({ realm }) => realm);
  }

  realm(realm: string): Promise<Realm> {
    return this.#call<Realm>({ url: this.#realmPath(realm) });
  }

  async createRealm(realm: string, parameters: Parameters): Promise<void> {
    await this.#call({
      method: "post",
      url: "/api2/json/access/domains",
      data: form({ realm, type: "openid", ...parameters }),
    });
  }

  async updateRealm(realm: string, parameters: Parameters): Promise<void> {
    await this.#call({ method: "put", url: this.#realmPath(realm), data: form(parameters) });
  }

  async deleteRealm(realm: string): Promise<void> {
    await this.#call({ method: "delete", url: this.#realmPath(realm) });
  }

  /** The ids (`name@realm`) of all users that the token may see. */
  async userIds(): Promise<string[]> {
    const users = await this.#call<{ userid: string }[]>({ url: "/api2/json/access/users" });
    return users.map((user) => user.userid);
  }

  async deleteUser(userId: string): Promise<void> {
    await this.#call({ method: "delete", url: `/api2/json/access/users/${encodeURIComponent(userId)}` });
  }

  #realmPath(realm: string): string {
    return `/api2/json/access/domains/${encodeURIComponent(realm)}`;
  }

  async #call<Data>(config: AxiosRequestConfig): Promise<Data> {
    try {
      const response = await this.#http.request<{ data: Data }>(config);
      if (!isJson(response)) throw notTheApi(response, "Proxmox");
      return response.data.data;
    } catch (error) {
      throw explain(error, this.#credential);
    }
  }
}

function form(parameters: Parameters): URLSearchParams {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined) given.set(key, String(value));
  }
  return given;
}
