import { type RunningAccessControl, seedToken, startAccessControl } from "../../lab/access-control/server";
import { PendingLogins } from "../../lab/proxmox/openid/pending-logins";
import type { OtherProduct } from "../../providers/accessControl/products";
import type { Thing } from "./world";

/** Two of each product without groups, since addresses change. */
export const otherServers = {
  backup: "backup",
  vault: "backup",
  manager: "datacenter-manager",
  bureau: "datacenter-manager",
} as const satisfies Record<string, OtherProduct>;

export type OtherName = keyof typeof otherServers;
export const otherNames = ["backup", "vault", "manager", "bureau"] as const;

export function isOther(server: string): server is OtherName {
  return Object.hasOwn(otherServers, server);
}

const token = "root@pam!model:3f2b7a52-7d0c-4b0e-9f0e-0d6f7a1c2b3d";
export const otherCredentials = { backupServerToken: token, datacenterManagerToken: token };

type Store = RunningAccessControl["node"]["store"];

/** A simulated Backup Server or Datacenter Manager. Its files are read and changed directly. */
export class OtherServer {
  private constructor(
    readonly name: OtherName,
    readonly running: RunningAccessControl,
  ) {}

  static async start(name: OtherName): Promise<OtherServer> {
    const running = await startAccessControl({
      product: otherServers[name],
      port: 0,
      rootPassword: "p4ssword-of-root",
      tokens: [token],
      authenticationDelayMs: 0,
    });
    return new OtherServer(name, running);
  }

  get store(): Store {
    return this.running.node.store;
  }

  /** As on its first day. */
  empty(): void {
    const { realms, users, acl } = this.store;
    const { ownRealm } = this.running.node.product;
    realms.replaceAll(realms.all.filter(({ id }) => id === "pam" || id === ownRealm));
    users.replaceAll(users.all.filter(({ id }) => id === "root@pam"));
    acl.replaceAll([]);
    seedToken(this.running.node, token);
  }

  forgetLogins(): void {
    const { node } = this.running;
    Object.assign(node, { pendingLogins: new PendingLogins(node.clock) });
  }

  things(): Thing[] {
    const { realms, users, acl } = this.store;
    const thing = (kind: string, name: string, object: object): Thing => ({
      server: this.name,
      kind,
      name,
      object: { ...object },
    });
    return [
      ...realms.all.map(({ type, id, options }) => thing("realm", id, { type, ...options })),
      ...users.all
        .filter(({ type }) => type === "user")
        .map(({ id, options }) => thing("proxmoxUser", id, options)),
      ...acl.all.map((line) => thing("acl", `${line.path} ${line.id} ${line.role}`, line)),
    ];
  }

  /** As by its own web page. */
  remove({ kind, name }: Thing): void {
    const { realms, users, acl } = this.store;
    if (kind === "realm") realms.delete(name);
    else if (kind === "acl") acl.remove(({ path, id, role }) => `${path} ${id} ${role}` === name);
    else {
      users.delete(name);
      if (this.running.node.product.cleansAcl) acl.remove(({ id }) => id === name);
    }
  }
}
