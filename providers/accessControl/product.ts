import type { Since } from "../core/versions";
import type { CredentialForm } from "../proxmox/session";

/** What differs between the products whose access API is that of the crate `proxmox-access-control`. */
export interface Product {
  /** Begins its resources' types: frozen. */
  readonly module: string;
  readonly name: string;
  /** As VersionTable and the reference call it. */
  readonly shortName: string;
  readonly port: number;
  /** Of its own users. */
  readonly ownRealm: string;
  readonly credentialForm: CredentialForm;
  /** Where its token is, unless the connection says otherwise. */
  readonly tokenConfigKey: string;
  readonly passwordConfigKey: string;
  /** What lets one see all users and permissions. */
  readonly seesAll: string;
  /** The only role with which one may set up single sign-on. */
  readonly adminRole: string;
  readonly roles: readonly string[];
  /** The forms of a path in a permission; `{name}` is any name. */
  readonly aclPaths: readonly string[];
  /** How a role is given to a user or an API token. */
  howToGrant(role: string, path: string, who: readonly string[]): string;
  /** The daemon that does the writes. */
  readonly daemon: string;
  /** The first version that has an option of a realm. */
  readonly realmVersions: Readonly<Partial<Record<string, Since>>>;
}
