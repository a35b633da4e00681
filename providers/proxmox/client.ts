import { undefinedIfMissing } from "../core/gone";
import { SharedList } from "../core/sharedList";
import { AccessApi, object, type ProxmoxAccess } from "./accessApi";
import { explain, retryRules, wordOf } from "./errors";
import { isEmpty, type Parameters } from "./options";
import { howToGrant, type Need } from "./privileges";
import { proxmoxVe } from "./products";
import { formOfVe } from "./session";
import type {
  AclEntry,
  ApiToken,
  ClusterMember,
  Group,
  NodeCertificate,
  Permissions,
  Realm,
  Role,
  User,
} from "./wire";

export type { Realm } from "./wire";

const dialect = {
  product: proxmoxVe,
  credentialForm: formOfVe,
  retryRules,
  // While pmxcfs restarts, Proxmox briefly knows no user.
  forgetsCredentials: true,
  listsAreTexts: true,
  wordOf,
  explain,
};

/** The part of Proxmox VE's access API that this program uses. Every failure becomes a `UserError`. */
export class ProxmoxClient extends AccessApi<User, AclEntry> {
  readonly #groups = new SharedList(() => this.get<Group[]>("access/groups"));
  readonly #roles = new SharedList(() => this.get<Role[]>("access/roles"));

  constructor(access: ProxmoxAccess) {
    super(access, dialect);
  }

  /** The name of the API token. Undefined for a password. */
  get tokenName(): string | undefined {
    return "token" in this.credential ? /!([^=]*)=/.exec(this.credential.token)?.[1] : undefined;
  }

  /** Version of the product, e.g. `9.2`. */
  async version(): Promise<string> {
    const { release } = await this.get<{ release: string }>("version");
    return release;
  }

  /** The names of the OpenID realms. Readable without permissions. */
  async openIdRealms(): Promise<string[]> {
    type Listed = { realm: string; type: string }[];
    const { data } = await this.call<Listed>("get", "access/domains", { isPublic: true });
    return data.filter(({ type }) => type === "openid").map(({ realm }) => realm);
  }

  realm(realm: string): Promise<Realm> {
    return this.get<Realm>(object("access/domains", realm));
  }

  async createRealm(realm: string, parameters: Parameters): Promise<void> {
    await this.send("post", "access/domains", { realm, type: "openid", ...parameters });
  }

  async updateRealm(realm: string, { digest, ...changes }: Parameters): Promise<void> {
    // A killed run may have removed the options already. Proxmox refuses a request without options.
    if (isEmpty(changes)) return;
    await this.send("put", object("access/domains", realm), { ...changes, digest });
  }

  async deleteRealm(realm: string): Promise<void> {
    await this.send("delete", object("access/domains", realm));
  }

  /** The groups that the token can see. Without permissions, the list is empty. */
  groups(): Promise<readonly Group[]> {
    return this.#groups.items();
  }

  /** Requests the group by name, because the list omits groups that the token cannot see. */
  async group(groupid: string): Promise<Group | undefined> {
    const listed = (await this.#groups.items()).find((group) => group.groupid === groupid);
    if (listed !== undefined) return listed;
    const told = await undefinedIfMissing(this.get<{ comment?: string }>(object("access/groups", groupid)));
    return told && { ...told, groupid };
  }

  createGroup(groupid: string, parameters: Parameters): Promise<void> {
    return this.#groups.changedBy(this.send("post", "access/groups", { groupid, ...parameters }));
  }

  updateGroup(groupid: string, parameters: Parameters): Promise<void> {
    return this.#groups.changedBy(this.send("put", object("access/groups", groupid), parameters));
  }

  /** Also deletes the group's permissions and memberships. */
  async deleteGroup(groupid: string): Promise<void> {
    const removal = this.send("delete", object("access/groups", groupid));
    await Promise.all([this.#groups, this.userList, this.aclList].map((list) => list.changedBy(removal)));
  }

  /** Requests the user by name, because the list omits users that the token cannot see. */
  async user(userid: string): Promise<User | undefined> {
    const listed = (await this.userList.items()).find((user) => user.userid === userid);
    if (listed !== undefined) return listed;
    const told = await undefinedIfMissing(this.get<Omit<User, "userid">>(object("access/users", userid)));
    return told && { ...told, userid };
  }

  /** The user's API tokens, without their secrets. */
  tokens(userid: string): Promise<ApiToken[]> {
    return this.get<ApiToken[]>(`${object("access/users", userid)}/token`);
  }

  /** Creates a token with the permissions of its user. Returns the secret, which Proxmox shows once. */
  async createToken(userid: string, tokenid: string): Promise<string> {
    const path = `${object("access/users", userid)}/token/${encodeURIComponent(tokenid)}`;
    return (await this.call<{ value: string }>("post", path, { parameters: { privsep: 0 } })).data.value;
  }

  /** The certificates of a node and of its cluster's CA, as on the page System > Certificates. */
  certificatesOf(node: string): Promise<NodeCertificate[]> {
    return this.get<NodeCertificate[]>(`nodes/${encodeURIComponent(node)}/certificates/info`);
  }

  /** Also deletes the token's permissions. */
  deleteToken(userid: string, tokenid: string): Promise<void> {
    const path = `${object("access/users", userid)}/token/${encodeURIComponent(tokenid)}`;
    return this.aclList.changedBy(this.send("delete", path));
  }

  /** Adds entries. With `delete: 1`, removes them. */
  updateAcl(parameters: Parameters): Promise<void> {
    return this.aclList.changedBy(this.send("put", "access/acl", parameters));
  }

  /** All roles. Readable without permissions. */
  roles(): Promise<readonly Role[]> {
    return this.#roles.items();
  }

  createRole(roleid: string, privs: string): Promise<void> {
    return this.#roles.changedBy(this.send("post", "access/roles", { roleid, privs }));
  }

  updateRole(roleid: string, privs: string): Promise<void> {
    return this.#roles.changedBy(this.send("put", object("access/roles", roleid), { privs }));
  }

  /** Also deletes the permissions with this role. */
  async deleteRole(roleid: string): Promise<void> {
    const removal = this.send("delete", object("access/roles", roleid));
    await Promise.all([this.#roles, this.aclList].map((list) => list.changedBy(removal)));
  }

  /** Privileges of the token or user on a path. */
  async privilegesOn(path: string): Promise<string[]> {
    return Object.keys(await this.permissionsOn(path));
  }

  /** Privileges on a path, each with whether it also applies below the path. */
  async permissionsOn(path: string): Promise<Permissions[string]> {
    const permissions = await this.get<Permissions>(`access/permissions?${new URLSearchParams({ path })}`);
    return permissions[path] ?? {};
  }

  /** Whether the token or user has one of the privileges on a path. */
  async mayOn(path: string, privileges: readonly string[]): Promise<boolean> {
    const own = await this.privilegesOn(path);
    return privileges.some((privilege) => own.includes(privilege));
  }

  /** Commands that grant the missing privileges. */
  howToGrant(missing: readonly Need[]): string {
    return howToGrant(missing, this.credential);
  }

  /** The nodes of the cluster, including offline ones. Without a cluster, the node itself. */
  async nodes(): Promise<ClusterMember[]> {
    const members = await this.get<ClusterMember[]>("cluster/status");
    return members.filter(({ type }) => type === "node");
  }

  /** The datacenter's HTTP proxy. Undefined without Sys.Audit on `/`. */
  async httpProxy(): Promise<string | undefined> {
    return (await this.get<{ http_proxy?: string }>("cluster/options")).http_proxy;
  }

  /** With `full`, the answer contains the groups as one text. */
  protected async listUsers(): Promise<User[]> {
    const users = await this.get<(Omit<User, "groups"> & { groups?: string })[]>("access/users?full=1");
    return users.map((user) => ({ ...user, groups: user.groups ? user.groups.split(",") : [] }));
  }
}
