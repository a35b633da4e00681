import { PendingLogins } from "../../lab/proxmox/openid/pending-logins";
import type { OtherProduct } from "../../providers/accessControl/products";
import { timeoutKey } from "../../providers/http/timeout";
import { issueCertificate } from "../../providers/pki/certificate";
import { configFor } from "../engine/harness";
import { Servers } from "../engine/servers";
import type { ConfigValues } from "../engine/stack";
import { type Everything, everything, exact, shape } from "./inventory";
import { OtherLab } from "./other-lab";
import { Wire } from "./wire";

/** Values of the options that people change most. */
const changed: ConfigValues = {
  plain: { applicationName: "Proxmox", realmDefault: "true" },
  secret: { clientSecret: "another-client-secret-of-the-faults-run" },
};

/** Both servers with objects of other people, the connections to them, and their state without faults. */
export class Lab {
  declare readonly servers: Servers;
  declare readonly wire: Wire;
  declare readonly config: ConfigValues;
  /** What the change of a config changes. */
  declare readonly changed: ConfigValues;
  /** Backup Server or Datacenter Manager, if the stack is for one of them instead of Proxmox VE. */
  declare readonly other: OtherLab | undefined;
  /** The objects of other people. */
  declare readonly foreign: unknown;

  static async start(product?: OtherProduct): Promise<Lab> {
    const servers = await Servers.start();
    await makeForeignObjects(servers);
    if (product) return Lab.#of(servers, await OtherLab.start(product, servers));
    const wire = await Wire.to(servers);
    const { plain, secret } = configFor(servers);
    const config = {
      plain: {
        ...plain,
        allowEveryone: "false",
        // The proof's user is a member.
        'access["authentik Admins"].as': "admins",
        'access["authentik Admins"]["/"]': "PVEAuditor",
        'access["pve-users"]["/vms"]': "PVEVMUser",
        authentikUrl: wire.authentik.url,
        proxmoxApiUrl: wire.proxmox.url,
        proxmoxCa: wire.ca,
        [timeoutKey]: "60",
      },
      secret,
    };
    const foreign = exact(await everything(servers));
    return Object.assign(new Lab(), { servers, wire, config, changed, other: undefined, foreign });
  }

  static async #of(servers: Servers, other: OtherLab): Promise<Lab> {
    const { wire, config, changed } = other;
    const lab = Object.assign(new Lab(), { servers, other, wire, config, changed, foreign: undefined });
    return Object.assign(lab, { foreign: await lab.exact() });
  }

  async stop(): Promise<void> {
    await this.wire.close();
    await this.other?.stop();
    await this.servers.stop();
  }

  /** Proxmox stores unfinished logins for ten minutes, and at most 101 of them. */
  forgetLogins(): void {
    const { node } = this.servers.proxmox;
    node.pendingLogins = new PendingLogins(node.clock);
    this.other?.forgetLogins();
  }

  async shape(): Promise<unknown> {
    return shape(await this.#everything());
  }

  async exact(): Promise<unknown> {
    return exact(await this.#everything());
  }

  async #everything(): Promise<Everything> {
    return { ...(await everything(this.servers)), ...this.other?.everything() };
  }
}

/** Objects that are as similar to the stack's as the servers allow. */
async function makeForeignObjects(servers: Servers): Promise<void> {
  await servers.inAuthentik("POST", "core/applications/", { name: "Proxmox VE", slug: "proxmox-2" });
  await servers.inAuthentik("POST", "core/groups/", { name: "pve-foreign" });
  // Created here, because the simulated authentik would use a key of 4096 bits.
  const { certificate, privateKey } = await issueCertificate({
    commonName: "foreign",
    subjectAltNames: [],
    keySize: 2048,
    validityDays: 365,
  });
  await servers.inAuthentik("POST", "crypto/certificatekeypairs/", {
    name: "proxmox signing",
    certificate_data: certificate,
    key_data: privateKey,
  });
  await servers.inProxmox("POST", "/access/domains", {
    realm: "authentik-2",
    type: "openid",
    "issuer-url": "https://other.example",
    "client-id": "foreign",
    "client-key": "foreign-secret",
    "username-claim": "username",
  });
  await servers.inProxmox("POST", "/access/groups", { groupid: "pve-foreign" });
  await servers.inProxmox("POST", "/access/users", { userid: "akadmin@authentik-2" });
}
