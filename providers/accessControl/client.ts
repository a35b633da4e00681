import type { AxiosInstance, AxiosRequestConfig } from "axios";
import { UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { SharedList } from "../core/sharedList";
import { createHttp } from "../http/client";
import { answerOf, isAxiosError, notTheApi } from "../http/failures";
import type { TrustOptions } from "../http/tls";
import { isProxmoxJson } from "../proxmox/errors";
import { isAnotherProduct, otherProduct } from "../proxmox/products";
import { authenticate, type ProxmoxCredential, userOf } from "../proxmox/session";
import { explain, OtherTypeError, retryRules, whatItNeeds, wordOf } from "./errors";
import type { Product } from "./product";
import type { AclEntry, Parameters, Realm, User } from "./wire";

export interface AccessControlAccess extends TrustOptions {
  readonly url: string;
  readonly credential: ProxmoxCredential;
}

const api = "/api2/json";

/** The access API of Backup Server and Datacenter Manager. Every failure becomes a `UserError`. */
export class AccessControlClient {
  readonly product: Product;
  readonly #http: AxiosInstance;
  readonly #url: string;
  readonly #credential: ProxmoxCredential;
  /** Whether the server has accepted the credential in this process. */
  #isAccepted = false;
  readonly #users = new SharedList(() => this.#get<User[]>("access/users"));
  readonly #acl = new SharedList(() => this.#get<AclEntry[]>("access/acl"));

  constructor(product: Product, { url, credential, caCertificate, fingerprint }: AccessControlAccess) {
    this.product = product;
    this.#url = url;
    this.#credential = credential;
    this.#http = createHttp({ baseUrl: url, headers: {}, caCertificate, fingerprint, ...retryRules });
    authenticate(this.#http, credential, product.credentialForm);
  }

  /** The user (`name@realm`) of the requests. */
  get actingUser(): string {
    return userOf(this.#credential, this.product.credentialForm);
  }

  /** Version of the product, e.g. `4.2.3`. */
  async version(): Promise<string> {
    const { version, release } = await this.#get<{ version: string; release: string }>("version");
    return `${version}.${release}`;
  }

  /** A realm. If its type is not openid, only the type is set. */
  async realm(realm: string): Promise<Realm> {
    try {
      const { data, digest } = await this.#call<Realm>({
        url: pathOf(object("config/access/openid", realm)),
      });
      return { ...data, ...(digest && { digest }) };
    } catch (error) {
      if (error instanceof OtherTypeError) return { type: error.type };
      throw error;
    }
  }

  createRealm(realm: string, parameters: Parameters): Promise<void> {
    return this.#send("post", "config/access/openid", { realm, ...parameters });
  }

  updateRealm(realm: string, parameters: Parameters): Promise<void> {
    return this.#send("put", object("config/access/openid", realm), parameters);
  }

  /** Deletes a realm of any type. Check the type first. */
  deleteRealm(realm: string): Promise<void> {
    return this.#send("delete", object("config/access/openid", realm));
  }

  /** The users that the credential can see. Without permissions, only its own user. */
  users(): Promise<readonly User[]> {
    return this.#users.items();
  }

  /** Names of the users that the credential can see. */
  async userIds(): Promise<string[]> {
    return (await this.users()).map(({ userid }) => userid);
  }

  /** Requests the user by name, because the list omits users that the credential cannot see. */
  async user(userid: string): Promise<User | undefined> {
    const listed = (await this.#users.items()).find((user) => user.userid === userid);
    return listed ?? undefinedIfMissing(this.#get<User>(object("access/users", userid)));
  }

  createUser(userid: string, parameters: Parameters): Promise<void> {
    return this.#users.changedBy(this.#send("post", "access/users", { userid, ...parameters }));
  }

  updateUser(userid: string, parameters: Parameters): Promise<void> {
    return this.#users.changedBy(this.#send("put", object("access/users", userid), parameters));
  }

  /** Creates an API token. Returns its secret. */
  async createToken(userid: string, name: string): Promise<string> {
    const path = `${object("access/users", userid)}/token/${encodeURIComponent(name)}`;
    return (await this.#call<{ value: string }>({ method: "post", url: pathOf(path) })).data.value;
  }

  deleteUser(userid: string): Promise<void> {
    const removal = this.#send("delete", object("access/users", userid));
    return this.#users.changedBy(this.#acl.changedBy(removal));
  }

  /** The permissions that the credential can see. Without permissions, only those of its own tokens. */
  acl(): Promise<readonly AclEntry[]> {
    return this.#acl.items();
  }

  /** Adds an entry, or changes its `propagate`. */
  grant({ path, roleid: role, ugid, propagate }: AclEntry): Promise<void> {
    return this.#acl.changedBy(this.#send("put", "access/acl", { path, role, "auth-id": ugid, propagate }));
  }

  /** Deletes an entry. Succeeds if it does not exist. */
  revoke({ path, roleid: role, ugid }: Omit<AclEntry, "propagate">): Promise<void> {
    return this.#acl.changedBy(
      this.#send("put", "access/acl", { path, role, "auth-id": ugid, delete: true }),
    );
  }

  /** Fails if lists would be incomplete, because the server reports no error for that. */
  async requireReadAccess(of: "users" | "acl", unseen: string): Promise<void> {
    const path = `/access/${of}`;
    if (await this.may(this.product.seesAll, path)) return;
    throw new UserError(
      `the credential may not see ${unseen}: it lacks ${this.product.seesAll} on ${path}. ${whatItNeeds(this.product, this.#credential)}`,
    );
  }

  /** Whether the credential has a privilege on a path. */
  async may(privilege: string, path: string): Promise<boolean> {
    const permissions = await this.#get<Record<string, Record<string, boolean>>>(
      `access/permissions?${new URLSearchParams({ path })}`,
    );
    return permissions[path]?.[privilege] !== undefined;
  }

  /** What the credential needs to set up single sign-on, with the command that grants it. */
  get whatItNeeds(): string {
    return whatItNeeds(this.product, this.#credential);
  }

  async #get<Data>(path: string): Promise<Data> {
    return (await this.#call<Data>({ url: pathOf(path) })).data;
  }

  async #send(method: "post" | "put" | "delete", path: string, parameters?: Parameters): Promise<void> {
    await this.#call({ method, url: pathOf(path), data: parameters && form(parameters) });
  }

  async #call<Data>(config: AxiosRequestConfig): Promise<{ data: Data; digest?: string }> {
    try {
      const response = await this.#http.request<{ data: Data; digest?: string }>(config);
      if (!isProxmoxJson(response.data)) throw notTheApi(response, "Proxmox");
      this.#isAccepted = true;
      return response.data;
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** A server that never accepted the credential may be another product. The refusal alone does not show that. */
  async #explained(error: unknown): Promise<Error> {
    const response = isAxiosError(error) ? answerOf(error) : undefined;
    const isForeign = response !== undefined && (response.status === 401 || wordOf(response) === undefined);
    const other =
      isForeign && !this.#isAccepted ? await otherProduct(this.#http, this.product.name) : undefined;
    return other === undefined
      ? explain(error, this.product, this.#credential)
      : isAnotherProduct(other, this.#url, this.product.name);
  }
}

function pathOf(path: string): string {
  return `${api}/${path}`;
}

function object(kind: string, id: string): string {
  return `${kind}/${encodeURIComponent(id)}`;
}

function form(parameters: Parameters): URLSearchParams {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    for (const one of value === undefined ? [] : [value].flat()) {
      given.append(key, typeof one === "boolean" ? String(Number(one)) : String(one));
    }
  }
  return given;
}
