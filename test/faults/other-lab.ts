import { randomUUID } from "node:crypto";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { PendingLogins } from "../../lab/proxmox/openid/pending-logins";
import type { OtherProduct } from "../../providers/accessControl/products";
import { timeoutKey } from "../../providers/http/timeout";
import type { Servers } from "../engine/servers";
import type { ConfigValues } from "../engine/stack";
import type { Everything } from "./inventory";
import { Wire } from "./wire";

/** Two roles on a path of each product: the second one after a change. */
const grants: Readonly<Record<OtherProduct, readonly [path: string, before: string, after: string]>> = {
  backup: ["/datastore", "DatastoreReader", "DatastoreAdmin"],
  "datacenter-manager": ["/resource", "Auditor", "Administrator"],
};

/** A Backup Server or Datacenter Manager instead of Proxmox VE. A group of authentik has its roles there. */
export class OtherLab {
  private constructor(
    readonly running: RunningAccessControl,
    readonly wire: Wire,
    readonly config: ConfigValues,
    readonly changed: ConfigValues,
  ) {}

  static async start(product: OtherProduct, servers: Servers): Promise<OtherLab> {
    const token = `root@pam!engine:${randomUUID()}`;
    const running = await startAccessControl({
      product,
      port: 0,
      rootPassword: "p4ssword-of-root",
      tokens: [token],
      authenticationDelayMs: 0,
    });
    const { realms, users, acl } = running.node.store;
    // The change makes another realm the default, and the server then forgets this.
    realms.replaceAll(
      realms.all.map(({ options: { default: _, ...options }, ...realm }) => ({ ...realm, options })),
    );
    const options = { "issuer-url": "https://other.example", "client-id": "foreign" };
    realms.set({ type: "openid", id: "authentik-2", options });
    users.set({ type: "user", id: "akadmin@authentik-2", options: {} });
    const [path, before, after] = grants[product];
    acl.set({ path, id: "akadmin@authentik-2", role: before, propagate: true });
    await makeMembers(servers);
    const wire = await Wire.to({ authentik: servers.authentik, proxmox: running });
    const role = `access["pve-users"]["${product}"]["${path}"]`;
    const plain = {
      deployAuthentik: "false",
      authentikUrl: wire.authentik.url,
      "clusters.sso.product": product,
      "clusters.sso.addresses[0]": running.url,
      "clusters.sso.apiUrl": wire.proxmox.url,
      "clusters.sso.ca": wire.ca,
      [role]: before,
      [timeoutKey]: "60",
    };
    const secret = { authentikToken: servers.authentikToken, "proxmoxToken-sso": token };
    // The engine of these runs replaces a structured key as a whole.
    const changed = {
      plain: {
        ...plain,
        "clusters.sso.applicationName": "Proxmox",
        "clusters.sso.realmDefault": "true",
        [role]: after,
      },
      secret: {},
    };
    return new OtherLab(running, wire, { plain, secret }, changed);
  }

  stop(): Promise<void> {
    return this.running.close();
  }

  forgetLogins(): void {
    const { node } = this.running;
    Object.assign(node, { pendingLogins: new PendingLogins(node.clock) });
  }

  everything(): Everything {
    const { realms, users, acl } = this.running.node.store;
    return {
      "realms there": realms.all.map(({ id, type, options }) => ({ id, type, ...options })),
      "users there": users.all.map(({ id, type, options }) => ({ id, type, ...options })),
      "permissions there": acl.all.map((line) => ({ ...line })),
    };
  }
}

/** The stack uses this group and leaves it. */
async function makeMembers(servers: Servers): Promise<void> {
  const { pk } = await servers.inAuthentik("POST", "core/groups/", { name: "pve-users" });
  for (const username of ["alice", "bob"])
    await servers.inAuthentik("POST", "core/users/", { username, name: username, groups: [pk] });
}
