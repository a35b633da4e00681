import { existingAuthentik } from "../../components/authentikServer";
import { ProxmoxAuthentikSso } from "../../components/proxmoxAuthentikSso";
import { Brand } from "../../providers/authentik/brand";
import { Certificate } from "../../providers/authentik/certificate";
import { User } from "../../providers/authentik/user";
import { WebCertificate } from "../../providers/authentik/webCertificate";
import { SsoProvider } from "../../providers/core/ssoProvider";
import { SharedValues } from "../../providers/sso/identity";
import type { AuthentikName, ProxmoxName } from "./world";

export interface GroupDeclaration {
  /** The group's name for Proxmox. */
  readonly as: string;
  readonly path: `/${string}`;
  readonly role: string;
}

export interface ClusterDeclaration {
  /** Slug, realm and title. */
  readonly called: string;
  /** By the group's name in authentik. Without any, everybody may log in. */
  readonly groups: Readonly<Record<string, GroupDeclaration>>;
  readonly members?: readonly string[] | undefined;
  readonly adopt: boolean;
  /** Option of the realm: whether its users are deleted with it. */
  readonly usersOnDelete?: "remove" | "refuse" | undefined;
}

/** The declaration of one stack. */
export interface Declaration {
  readonly authentik: AuthentikName;
  /** The node. By default, the first one. */
  readonly proxmox?: ProxmoxName;
  readonly clusters: Readonly<Record<string, ClusterDeclaration>>;
  /** Users of authentik, by name. */
  readonly users: readonly string[];
  /** Host names with their own brand. */
  readonly brands: readonly string[];
  /** Whether authentik serves a certificate of ours. */
  readonly hasWebCertificate: boolean;
}

export interface Addresses {
  readonly authentik: { url: string; httpsUrl: string };
  readonly proxmox: { url: string; caCertificate: string };
}

/** As the `role` of a group: the cluster's own role. */
export const own = "own";
export const ownPrivileges = ["VM.Audit", "VM.Console"];

/** Roles exist once for the whole node, so each cluster has its own. */
export function roleNamed(role: string, called: string): string {
  return role === own ? `Own-${called}` : role;
}

/** The program: the library's components and resources as a user writes them. */
export function declare(
  stack: string,
  declared: Declaration,
  { authentik: server, proxmox }: Addresses,
): void {
  const provider = new SsoProvider();
  const authentik = existingAuthentik({ url: server.url }, { provider });
  const options = { provider, dependsOn: [authentik.readiness] };
  for (const [name, cluster] of Object.entries(declared.clusters)) {
    const { called, groups, members, adopt, usersOnDelete } = cluster;
    const isOpen = Object.keys(groups).length === 0;
    const access = Object.entries(groups).map(([group, { as, path, role }]) => [
      group,
      { as, [path]: roleNamed(role, called), ...(members && { members: [...members] }) },
    ]);
    const hasOwnRole = Object.values(groups).some(({ role }) => role === own);
    new ProxmoxAuthentikSso(
      name,
      {
        authentik,
        proxmox: {
          addresses: [proxmox.url],
          caCertificate: proxmox.caCertificate,
          nodeAddress: "https://{ip}:8006",
        },
        realm: { name: called, usersOnDelete },
        application: { slug: called, name: `Proxmox ${called}` },
        certificate: { keySize: 2048 },
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
