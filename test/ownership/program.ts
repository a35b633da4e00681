import { existingAuthentik } from "../../components/authentikServer";
import { ProxmoxAuthentikSso } from "../../components/proxmoxAuthentikSso";
import type { OtherProduct } from "../../providers/accessControl/products";
import { Brand } from "../../providers/authentik/brand";
import { Certificate } from "../../providers/authentik/certificate";
import { User } from "../../providers/authentik/user";
import { WebCertificate } from "../../providers/authentik/webCertificate";
import { SsoProvider } from "../../providers/core/ssoProvider";
import { SharedValues } from "../../providers/sso/identity";
import { realmOf, signingNameOf, titleOf } from "./names";
import type { OtherName } from "./other-servers";
import type { AuthentikName, ProxmoxName } from "./world";

export interface GroupDeclaration {
  /** The group's name for Proxmox. */
  readonly as: string;
  readonly path: `/${string}`;
  readonly role: string;
}

export interface ClusterDeclaration {
  /** The slug. Realm and title follow it. */
  readonly called: string;
  /** The default is Proxmox VE. */
  readonly product?: OtherProduct | undefined;
  /** By the group's name in authentik. Without any, everybody may log in. */
  readonly groups: Readonly<Record<string, GroupDeclaration>>;
  readonly members?: readonly string[] | undefined;
  readonly adopt: boolean;
  /** Option of the realm: whether its users are deleted with it. */
  readonly usersOnDelete?: "remove" | "refuse" | undefined;
  /** Whether the client ID is configured, which then proves no ownership. */
  readonly hasClientId?: boolean;
  /** Whether realm, title and signing certificate have names of their own. */
  readonly hasOtherNames?: boolean;
  /** A claim other than the default. Its change replaces the realm. */
  readonly usernameClaim?: "email" | undefined;
  /** Whether the policy engine mode is `all`, if there is only one group. */
  readonly needsAllGroups?: boolean;
}

/** The declaration of one stack. */
export interface Declaration {
  readonly authentik: AuthentikName;
  /** The node. By default, the first one. */
  readonly proxmox?: ProxmoxName;
  /** Whether the second server of each other product. */
  readonly usesSecond?: boolean;
  readonly clusters: Readonly<Record<string, ClusterDeclaration>>;
  /** Users of authentik, by name. */
  readonly users: readonly string[];
  /** Host names with their own brand. */
  readonly brands: readonly string[];
  /** Whether authentik serves a certificate of ours. */
  readonly hasWebCertificate: boolean;
}

interface Address {
  readonly url: string;
  readonly caCertificate: string;
}

export interface Addresses extends Readonly<Record<"proxmox" | OtherProduct, Address>> {
  readonly authentik: { url: string; httpsUrl: string };
}

const servers = {
  backup: ["backup", "vault"],
  "datacenter-manager": ["manager", "bureau"],
} as const satisfies Record<OtherProduct, readonly [OtherName, OtherName]>;

/** The server of a cluster with this product. */
export function placeOf(
  { proxmox = "proxmox", usesSecond = false }: Declaration,
  product?: OtherProduct,
): ProxmoxName | OtherName {
  return product === undefined ? proxmox : servers[product][usesSecond ? 1 : 0];
}

interface Grant {
  readonly path: `/${string}`;
  readonly role: string;
  readonly propagate: boolean;
}

/** Roles on Backup Server and Datacenter Manager, by the path on Proxmox VE. */
const otherGrants: Readonly<Record<OtherProduct, Readonly<Record<string, Grant>>>> = {
  backup: {
    "/": { path: "/", role: "Audit", propagate: true },
    "/vms": { path: "/datastore", role: "DatastoreReader", propagate: true },
    // The same entry as the one above, for somebody who is in both groups.
    "/storage/local": { path: "/datastore", role: "DatastoreReader", propagate: false },
  },
  "datacenter-manager": {
    "/": { path: "/", role: "Administrator", propagate: true },
    "/vms": { path: "/resource", role: "Auditor", propagate: true },
    "/storage/local": { path: "/resource", role: "Auditor", propagate: false },
  },
};

export function grantOn(product: OtherProduct, { path, role }: GroupDeclaration): Grant {
  return otherGrants[product][path] ?? { path, role, propagate: true };
}

/** As the `role` of a group: the cluster's own role. */
export const own = "own";
export const ownPrivileges = ["VM.Audit", "VM.Console"];

/** Roles exist once for the whole node, so each cluster has its own. */
export function roleNamed(role: string, called: string): string {
  return role === own ? `Own-${called}` : role;
}

function grantsOf(group: GroupDeclaration, called: string, product?: OtherProduct): object {
  if (product === undefined) return { as: group.as, [group.path]: roleNamed(group.role, called) };
  const { path, role, propagate } = grantOn(product, group);
  return { [path]: { role, propagate } };
}

/** The program: the library's components and resources as a user writes them. */
export function declare(stack: string, declared: Declaration, addresses: Addresses): void {
  const { authentik: server } = addresses;
  const provider = new SsoProvider();
  const authentik = existingAuthentik({ url: server.url }, { provider });
  const options = { provider, dependsOn: [authentik.readiness] };
  for (const [name, cluster] of Object.entries(declared.clusters)) {
    const { called, groups, members, adopt, usersOnDelete, product } = cluster;
    const { hasClientId, needsAllGroups, usernameClaim } = cluster;
    const proxmox = addresses[product ?? "proxmox"];
    const isOpen = Object.keys(groups).length === 0;
    const access = Object.entries(groups).map(([name, group]) => [
      name,
      { ...grantsOf(group, called, product), ...(members && { members: [...members] }) },
    ]);
    const hasOwnRole = !product && Object.values(groups).some(({ role }) => role === own);
    new ProxmoxAuthentikSso(
      name,
      {
        authentik,
        proxmox: {
          addresses: [proxmox.url],
          caCertificate: proxmox.caCertificate,
          ...(product ? { product } : { nodeAddress: "https://{ip}:8006" }),
        },
        realm: {
          name: realmOf(cluster),
          usersOnDelete,
          // Other products follow people by their user names.
          ...(!product && usernameClaim && { usernameClaim }),
        },
        application: {
          slug: called,
          name: titleOf(cluster),
          // With several groups, the program refuses this mode.
          ...(needsAllGroups && access.length <= 1 && { policyEngineMode: "all" as const }),
        },
        ...(hasClientId && { clientId: `client-of-${called}` }),
        certificate: { keySize: 2048, name: signingNameOf(cluster) },
        adopt,
        ...(isOpen ? { allowEveryone: true } : { access: Object.fromEntries(access) }),
        ...(hasOwnRole && { roles: { [roleNamed(own, called)]: ownPrivileges } }),
      },
      { providers: [provider] },
    );
  }
  if (declared.users.length + declared.brands.length === 0 && !declared.hasWebCertificate) return;
  const identity = new SharedValues("own-identity", {}, { provider });
  const ownershipMark = identity.serialNumber;
  const inAuthentik = { authentik: authentik.connection, ownershipMark };
  for (const username of declared.users)
    new User(`user-${username}`, { ...inAuthentik, username, name: username }, options);
  for (const domain of declared.brands)
    new Brand(`brand-${domain}`, { ...inAuthentik, domain, title: `Brand of ${stack}` }, options);
  if (!declared.hasWebCertificate) return;
  const certificate = new Certificate(
    "web",
    {
      authentik: authentik.connection,
      name: `web of ${stack}`,
      commonName: "localhost",
      subjectAltNames: ["localhost", "127.0.0.1"],
      keySize: 2048,
      serialNumber: ownershipMark,
    },
    options,
  );
  new WebCertificate(
    "web-served",
    {
      authentik: authentik.connection,
      certificate: certificate.pk,
      fingerprint: certificate.fingerprint,
      servedAt: server.httpsUrl,
    },
    options,
  );
}
