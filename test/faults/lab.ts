import { PendingLogins } from "../../lab/proxmox/openid/pending-logins";
import { timeoutKey } from "../../providers/http/timeout";
import { issueCertificate } from "../../providers/pki/certificate";
import { configFor } from "../engine/harness";
import { Servers } from "../engine/servers";
import type { ConfigValues } from "../engine/stack";
import { everything, exact, shape } from "./inventory";
import { Wire } from "./wire";

/** Both servers with objects of other people, the connections to them, and their state without faults. */
export class Lab {
  declare readonly servers: Servers;
  declare readonly wire: Wire;
  declare readonly config: ConfigValues;
  /** The objects of other people. */
  declare readonly foreign: unknown;

  static async start(): Promise<Lab> {
    const servers = await Servers.start();
    await makeForeignObjects(servers);
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
    return Object.assign(new Lab(), { servers, wire, config, foreign: exact(await everything(servers)) });
  }

  async stop(): Promise<void> {
    await this.wire.close();
    await this.servers.stop();
  }

  /** Proxmox stores unfinished logins for ten minutes, and at most 101 of them. */
  forgetLogins(): void {
    const { node } = this.servers.proxmox;
    node.pendingLogins = new PendingLogins(node.clock);
  }

  async shape(): Promise<unknown> {
    return shape(await everything(this.servers));
  }

  async exact(): Promise<unknown> {
    return exact(await everything(this.servers));
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
