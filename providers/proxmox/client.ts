import type { AxiosError, AxiosInstance, AxiosRequestConfig } from "axios";
import { undefinedIfMissing } from "../core/gone";
import { SharedList } from "../core/sharedList";
import { createHttp } from "../http/client";
import { answerOf, isAxiosError, notTheApi } from "../http/failures";
import type { TrustOptions } from "../http/tls";
import { explain, isProxmoxJson, retryRules, wordOf } from "./errors";
import { howToGrant, type Need } from "./privileges";
import { isAnotherProduct, otherProduct, proxmoxVe } from "./products";
import { authenticate, type ProxmoxCredential, userOf } from "./session";
import type {
  AclEntry,
  ApiToken,
  ClusterMember,
  Group,
  NodeCertificate,
  Parameters,
  Permissions,
  Realm,
  Role,
  User,
} from "./wire";

export type { Realm } from "./wire";

export interface ProxmoxAccess extends TrustOptions {
  readonly url: string;
  readonly credential: ProxmoxCredential;
}

const api = "/api2/json";
/** Readable without permissions. */
const realmList = `${api}/access/domains`;

/** The part of Proxmox VE's access API that this program uses. Every failure becomes a `UserError`. */
export class ProxmoxClient {
  readonly #http: AxiosInstance;
  readonly #url: string;
  readonly #credential: ProxmoxCredential;
  /** Whether Proxmox has accepted the credential in this process. */
  #isAccepted = false;
  readonly #groups = new SharedList(() => this.#get<Group[]>("access/groups"));
  readonly #users = new SharedList(() => this.#listUsers());
  readonly #acl = new SharedList(() => this.#get<AclEntry[]>("access/acl"));
  readonly #roles = new SharedList(() => this.#get<Role[]>("access/roles"));

  constructor({ url, credential, caCertificate, fingerprint }: ProxmoxAccess) {
    this.#url = url;
    this.#credential = credential;
    this.#http = createHttp({
      baseUrl: url,
      headers: {},
      caCertificate,
      fingerprint,
      ...retryRules,
      isRefusedForNow: (error) => !!retryRules.isRefusedForNow?.(error) || this.#isForgotten(error),
    });
    authenticate(this.#http, credential);
  }

  /** The user (`name@realm`) of the requests. */
  get actingUser(): string {
    return userOf(this.#credential);
  }

  /** The name of the API token. Undefined for a password. */
  get tokenName(): string | undefined {
    return "token" in this.#credential ? /!([^=]*)=/.exec(this.#credential.token)?.[1] : undefined;
  }

  /** Version of the product, e.g. `9.2`. */
  async version(): Promise<string> {
    const { release } = await this.#get<{ release: string }>("version");
    return release;
  }

  /** The names of the OpenID realms. Readable without permissions. */
  async openIdRealms(): Promise<string[]> {
    const realms = await this.#call<{ realm: string; type: string }[]>({ url: realmList });
    return realms.filter(({ type }) => type === "openid").map(({ realm }) => realm);
  }

  realm(realm: string): Promise<Realm> {
    return this.#get<Realm>(object("domains", realm));
  }

  async createRealm(realm: string, parameters: Parameters): Promise<void> {
    await this.#send("post", "access/domains", { realm, type: "openid", ...parameters });
  }

  async updateRealm(realm: string, parameters: Parameters): Promise<void> {
    await this.#send("put", object("domains", realm), parameters);
  }

  async deleteRealm(realm: string): Promise<void> {
    await this.#send("delete", object("domains", realm));
  }

  /** The groups that the token can see. Without permissions, the list is empty. */
  groups(): Promise<readonly Group[]> {
    return this.#groups.items();
  }

  /** Requests the group by name, because the list omits groups that the token cannot see. */
  async group(groupid: string): Promise<Group | undefined> {
    const listed = (await this.#groups.items()).find((group) => group.groupid === groupid);
    if (listed !== undefined) return listed;
    const told = await undefinedIfMissing(this.#get<{ comment?: string }>(object("groups", groupid)));
    return told && { ...told, groupid };
  }

  createGroup(groupid: string, parameters: Parameters): Promise<void> {
    return this.#groups.changedBy(this.#send("post", "access/groups", { groupid, ...parameters }));
  }

  updateGroup(groupid: string, parameters: Parameters): Promise<void> {
    return this.#groups.changedBy(this.#send("put", object("groups", groupid), parameters));
  }

  /** Also deletes the group's permissions and memberships. */
  async deleteGroup(groupid: string): Promise<void> {
    const removal = this.#send("delete", object("groups", groupid));
    await Promise.all([this.#groups, this.#users, this.#acl].map((list) => list.changedBy(removal)));
  }

  /** The users that the token can see. Without permissions, the list is empty or contains only its own user. */
  users(): Promise<readonly User[]> {
    return this.#users.items();
  }

  /** The ids (`name@realm`) of all users that the token can see. */
  async userIds(): Promise<string[]> {
    return (await this.users()).map((user) => user.userid);
  }

  /** Requests the user by name, because the list omits users that the token cannot see. */
  async user(userid: string): Promise<User | undefined> {
    const listed = (await this.#users.items()).find((user) => user.userid === userid);
    if (listed !== undefined) return listed;
    const told = await undefinedIfMissing(this.#get<Omit<User, "userid">>(object("users", userid)));
    return told && { ...told, userid };
  }

  createUser(userid: string, parameters: Parameters): Promise<void> {
    return this.#users.changedBy(this.#send("post", "access/users", { userid, ...parameters }));
  }

  updateUser(userid: string, parameters: Parameters): Promise<void> {
    return this.#users.changedBy(this.#send("put", object("users", userid), parameters));
  }

  /** Also deletes the user's permissions and tokens. */
  async deleteUser(userid: string): Promise<void> {
    const removal = this.#send("delete", object("users", userid));
    await Promise.all([this.#users, this.#acl].map((list) => list.changedBy(removal)));
  }

  /** The user's API tokens, without their secrets. */
  tokens(userid: string): Promise<ApiToken[]> {
    return this.#get<ApiToken[]>(`${object("users", userid)}/token`);
  }

  /** Creates a token with the permissions of its user. Returns the secret, which Proxmox shows once. */
  async createToken(userid: string, tokenid: string): Promise<string> {
    const { value } = await this.#call<{ value: string }>({
      method: "post",
      url: `${api}/${object("users", userid)}/token/${encodeURIComponent(tokenid)}`,
      data: form({ privsep: 0 }),
    });
    return value;
  }

  /** The certificates of a node and of its cluster's CA, as on the page System > Certificates. */
  certificatesOf(node: string): Promise<NodeCertificate[]> {
    return this.#get<NodeCertificate[]>(`nodes/${encodeURIComponent(node)}/certificates/info`);
  }

  /** Also deletes the token's permissions. */
  deleteToken(userid: string, tokenid: string): Promise<void> {
    const path = `${object("users", userid)}/token/${encodeURIComponent(tokenid)}`;
    return this.#acl.changedBy(this.#send("delete", path));
  }

  /** The permissions that the token can see. Without permissions, the list is empty. */
  acl(): Promise<readonly AclEntry[]> {
    return this.#acl.items();
  }

  /** Adds entries. With `delete: 1`, removes them. */
  updateAcl(parameters: Parameters): Promise<void> {
    return this.#acl.changedBy(this.#send("put", "access/acl", parameters));
  }

  /** All roles. Readable without permissions. */
  roles(): Promise<readonly Role[]> {
    return this.#roles.items();
  }

  createRole(roleid: string, privs: string): Promise<void> {
    return this.#roles.changedBy(this.#send("post", "access/roles", { roleid, privs }));
  }

  updateRole(roleid: string, privs: string): Promise<void> {
    return this.#roles.changedBy(this.#send("put", object("roles", roleid), { privs }));
  }

  /** Also deletes the permissions with this role. */
  async deleteRole(roleid: string): Promise<void> {
    const removal = this.#send("delete", object("roles", roleid));
    await Promise.all([this.#roles, this.#acl].map((list) => list.changedBy(removal)));
  }

  /** Privileges of the token or user on a path. */
  async privilegesOn(path: string): Promise<string[]> {
    return Object.keys(await this.permissionsOn(path));
  }

  /** Privileges on a path, each with whether it also applies below the path. */
  async permissionsOn(path: string): Promise<Permissions[string]> {
    const permissions = await this.#get<Permissions>(`access/permissions?${new URLSearchParams({ path })}`);
    return permissions[path] ?? {};
  }

  /** Whether the token or user has one of the privileges on a path. */
  async mayOn(path: string, privileges: readonly string[]): Promise<boolean> {
    const own = await this.privilegesOn(path);
    return privileges.some((privilege) => own.includes(privilege));
  }

  /** Commands that grant the missing privileges. */
  howToGrant(missing: readonly Need[]): string {
    return howToGrant(missing, this.#credential);
  }

  /** The nodes of the cluster, including offline ones. Without a cluster, the node itself. */
  async nodes(): Promise<ClusterMember[]> {
    const members = await this.#get<ClusterMember[]>("cluster/status");
    return members.filter(({ type }) => type === "node");
  }

  /** The datacenter's HTTP proxy. Undefined without Sys.Audit on `/`. */
  async httpProxy(): Promise<string | undefined> {
    return (await this.#get<{ http_proxy?: string }>("cluster/options")).http_proxy;
  }

  /** With `full`, the answer contains the groups as one text. */
  async #listUsers(): Promise<User[]> {
    const users = await this.#get<(Omit<User, "groups"> & { groups?: string })[]>("access/users?full=1");
    return users.map((user) => ({ ...user, groups: user.groups ? user.groups.split(",") : [] }));
  }

  #get<Data>(path: string): Promise<Data> {
    return this.#call<Data>({ url: `${api}/${path}` });
  }

  async #send(method: "post" | "put" | "delete", path: string, parameters?: Parameters): Promise<void> {
    await this.#call({ method, url: `${api}/${path}`, data: parameters && form(parameters) });
  }

  async #call<Data>(config: AxiosRequestConfig): Promise<Data> {
    try {
      const response = await this.#http.request<{ data: Data }>(config);
      if (!isProxmoxJson(response.data)) throw notTheApi(response, "Proxmox");
      if (config.url !== realmList) this.#isAccepted = true;
      return response.data.data;
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  /** While pmxcfs restarts, Proxmox briefly knows no user. It then refuses the request before it does anything. */
  #isForgotten({ response }: AxiosError): boolean {
    return this.#isAccepted && response?.status === 401 && wordOf(response) !== undefined;
  }

  /** A server that never accepted the credential may be another product. The refusal alone does not show that. */
  async #explained(error: unknown): Promise<Error> {
    const response = isAxiosError(error) ? answerOf(error) : undefined;
    const isForeign = response !== undefined && (response.status === 401 || wordOf(response) === undefined);
    const product = isForeign && !this.#isAccepted ? await otherProduct(this.#http, proxmoxVe) : undefined;
    return product === undefined
      ? explain(error, this.#credential)
      : isAnotherProduct(product, this.#url, proxmoxVe);
  }
}

function object(kind: string, id: string): string {
  return `access/${kind}/${encodeURIComponent(id)}`;
}

function form(parameters: Parameters): URLSearchParams {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined) given.set(key, String(value));
  }
  return given;
}
