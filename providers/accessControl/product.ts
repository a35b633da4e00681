import type { Since } from "../core/versions";
import type { CredentialForm } from "../proxmox/session";

/** Differences between the products that use the crate `proxmox-access-control`. */
export interface Product {
  /** Prefix of the resources' types. Every state contains it, so it must not change. */
  readonly module: string;
  readonly name: string;
  /** The product's name in VersionTable and in the reference. */
  readonly shortName: string;
  readonly port: number;
  /** Realm of the server's own users. */
  readonly ownRealm: string;
  readonly credentialForm: CredentialForm;
  /** Default config key of its API token. */
  readonly tokenConfigKey: string;
  readonly passwordConfigKey: string;
  /** Privilege to see all users and permissions. */
  readonly seesAll: string;
  /** Privileges to set up single sign-on. A permission on a path also needs the last one there. */
  readonly needs: readonly { readonly path: string; readonly privilege: string }[];
  /** The only role that may set up single sign-on. */
  readonly adminRole: string;
  readonly roles: readonly string[];
  /** Path forms that a permission accepts. `{name}` is any name. */
  readonly aclPaths: readonly string[];
  /** The command that grants a role to a user or an API token. */
  howToGrant(role: string, path: string, who: readonly string[]): string;
  /** The daemon that performs the writes. */
  readonly daemon: string;
  /** The first version with an option of a realm. */
  readonly realmVersions: Readonly<Partial<Record<string, Since>>>;
}
