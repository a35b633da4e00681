import { UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { AccessApi, object, type ProxmoxAccess } from "../proxmox/accessApi";
import type { Parameters } from "../proxmox/options";
import { explain, OtherTypeError, retryRules, whatItNeeds, wordOf } from "./errors";
import type { Product } from "./product";
import type { AclEntry, Realm, User } from "./wire";

const realms = "config/access/openid";

/** The access API of Backup Server and Datacenter Manager. Every failure becomes a `UserError`. */
export class AccessControlClient extends AccessApi<User, AclEntry> {
  readonly product: Product;

  constructor(product: Product, access: ProxmoxAccess) {
    super(access, {
      product: product.name,
      credentialForm: product.credentialForm,
      retryRules,
      listsAreTexts: false,
      wordOf,
      explain: (error, credential) => explain(error, product, credential),
    });
    this.product = product;
  }

  /** Version of the product, e.g. `4.2.3`. */
  async version(): Promise<string> {
    const { version, release } = await this.get<{ version: string; release: string }>("version");
    return `${version}.${release}`;
  }

  /** Names of the OpenID realms. The login page shows the same list. */
  async openIdRealms(): Promise<string[]> {
    const realms = await this.get<{ realm: string; type: string }[]>("access/domains");
    return realms.filter(({ type }) => type === "openid").map(({ realm }) => realm);
  }

  /** A realm. If its type is not openid, only the type is set. */
  async realm(realm: string): Promise<Realm> {
    try {
      const { data, digest } = await this.call<Omit<Realm, "type">>("get", object(realms, realm));
      return { ...data, type: "openid", ...(digest && { digest }) };
    } catch (error) {
      if (error instanceof OtherTypeError) return { type: error.type };
      throw error;
    }
  }

  createRealm(realm: string, parameters: Parameters): Promise<void> {
    return this.send("post", realms, { realm, ...parameters });
  }

  updateRealm(realm: string, parameters: Parameters): Promise<void> {
    return this.send("put", object(realms, realm), parameters);
  }

  /** Deletes a realm of any type. Check the type first. */
  deleteRealm(realm: string): Promise<void> {
    return this.send("delete", object(realms, realm));
  }

  /** Requests the user by name, because the list omits users that the credential cannot see. */
  async user(userid: string): Promise<User | undefined> {
    const listed = (await this.userList.items()).find((user) => user.userid === userid);
    return listed ?? undefinedIfMissing(this.get<User>(object("access/users", userid)));
  }

  /** Creates an API token. Returns its secret. */
  async createToken(userid: string, name: string): Promise<string> {
    const path = `${object("access/users", userid)}/token/${encodeURIComponent(name)}`;
    return (await this.call<{ value: string }>("post", path)).data.value;
  }

  /** Adds an entry, or changes its `propagate`. */
  grant({ path, roleid: role, ugid, propagate }: AclEntry): Promise<void> {
    return this.aclList.changedBy(this.send("put", "access/acl", { path, role, "auth-id": ugid, propagate }));
  }

  /** Deletes an entry. Succeeds if it does not exist. */
  revoke({ path, roleid: role, ugid }: Omit<AclEntry, "propagate">): Promise<void> {
    return this.aclList.changedBy(
      this.send("put", "access/acl", { path, role, "auth-id": ugid, delete: true }),
    );
  }

  /** Fails if lists would be incomplete, because the server reports no error for that. */
  async requireReadAccess(of: "users" | "acl", unseen: string): Promise<void> {
    const path = `/access/${of}`;
    if (await this.may(this.product.seesAll, path)) return;
    throw new UserError(
      `the credential may not see ${unseen}: it lacks ${this.product.seesAll} on ${path}. ${whatItNeeds(this.product, this.credential)}`,
    );
  }

  /** Whether the credential has a privilege on a path. */
  async may(privilege: string, path: string): Promise<boolean> {
    const permissions = await this.get<Record<string, Record<string, boolean>>>(
      `access/permissions?${new URLSearchParams({ path })}`,
    );
    return permissions[path]?.[privilege] !== undefined;
  }

  /** What the credential needs to set up single sign-on, with the command that grants it. */
  get whatItNeeds(): string {
    return whatItNeeds(this.product, this.credential);
  }

  protected listUsers(): Promise<User[]> {
    return this.get<User[]>("access/users");
  }
}
