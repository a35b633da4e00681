import {
  type Application,
  type Group,
  type OAuth2Provider,
  type PolicyBinding,
  returnedSecret,
} from "../../providers/authentik/wire";
import { UserError } from "../../providers/core/errors";
import { isOlder } from "../../providers/core/versions";
import { proxmoxVersions } from "../../providers/proxmox/versions";
import type { AclEntry, Realm, User } from "../../providers/proxmox/wire";
import { type OtherPart, readOtherPart } from "./other-product";
import type { Servers } from "./servers";

/** An existing single sign-on, with all objects that belong to it on both servers. */
export interface HandMade {
  readonly realmName: string;
  readonly realm: Realm;
  readonly provider: OAuth2Provider & { readonly client_secret: string };
  readonly application: Application;
  readonly bindings: readonly PolicyBinding[];
  readonly authentikGroups: readonly Group[];
  readonly acl: readonly AclEntry[];
  readonly users: readonly User[];
  /** Version of the product. */
  readonly version: string;
  /** What differs on Backup Server and Datacenter Manager. */
  readonly other?: OtherPart;
}

/** Whether Proxmox reads a user's groups at login. */
export function learnsGroups({ version, other }: Pick<HandMade, "version" | "other">): boolean {
  return other === undefined && !isOlder(version, proxmoxVersions.openIdRealm.groupsClaim);
}

/** Finds the set-up of a realm. Its client ID identifies the provider. */
export async function readHandMade(
  servers: Pick<Servers, "authentik" | "proxmox" | "origin" | "other">,
  named: string | undefined,
): Promise<HandMade> {
  const { authentik, proxmox } = servers;
  const realmName = named ?? (await theRealm(servers));
  const realm = await proxmox.realm(realmName);
  const clientId = realm["client-id"] ?? "";
  const [provider] = await authentik.oauth2Providers.list({ client_id: clientId });
  const slug = provider?.assigned_application_slug;
  if (provider === undefined || !slug) {
    throw new UserError(
      `authentik has no application whose provider has the client ID "${clientId}" of the realm "${realmName}", ` +
        "so nobody can log in with it. Remove the realm, and let the program create everything.",
    );
  }
  // A working login proves that the realm has the same secret, so it can replace one that authentik does not
  // return.
  const client_secret = returnedSecret(provider) ?? realm["client-key"];
  if (client_secret === undefined) {
    throw new UserError(
      `Neither authentik nor Proxmox returns the client secret of the realm "${realmName}". ` +
        "Use a Proxmox token with Realm.Allocate, which can read the realm's client key.",
    );
  }
  const application = await authentik.applications.get(slug);
  const [bindings, authentikGroups, acl, users, version] = await Promise.all([
    authentik.policyBindings.list({ target: application.pk }),
    authentik.groups.list({ include_users: "false" }),
    proxmox.acl(),
    proxmox.users(),
    proxmox.version(),
  ]);
  const bound = bindings.flatMap(({ enabled, negate, group }) =>
    enabled && !negate && group ? [group] : [],
  );
  const other =
    servers.other &&
    (await readOtherPart(servers.other.product, servers.other.client, realmName, authentik, bound));
  return {
    ...(other && { other }),
    realmName,
    realm,
    provider: { ...provider, client_secret },
    application,
    bindings,
    authentikGroups,
    acl,
    users,
    version,
  };
}

async function theRealm({ proxmox, origin }: Pick<Servers, "proxmox" | "origin">): Promise<string> {
  const found: string[] = [];
  for (const name of (await proxmox.openIdRealms()).sort()) {
    const { "issuer-url": issuer } = await proxmox.realm(name);
    if (issuer === origin || issuer?.startsWith(`${origin}/`)) found.push(name);
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new UserError(
    only === undefined
      ? `Proxmox has no OpenID realm whose issuer is at ${origin}. If the realm has another form of this address, name the realm with --realm.`
      : `Proxmox has several realms of this authentik: ${found.join(", ")}. Select one with --realm.`,
  );
}
