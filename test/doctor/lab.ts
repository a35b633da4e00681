import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CURRENT } from "../../lab/authentik/profile";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { createCertificateAuthority, issueCertificate, type KeyPair } from "../../providers/pki/certificate";
import { clientOf } from "../lab/proxmox-client";
import { freePort } from "../tools/free-port";
import { AuthentikByHand, type Properties } from "./authentik-by-hand";
import { makeSignOn } from "./sign-on";

const authentikToken = "t0ken-of-authentik-for-the-doctor";
const proxmoxToken = `root@pam!doctor=${randomUUID()}`;
export const passwordOfAkadmin = "p4ssword-of-akadmin";
const tlsTickSeconds = 0.05;

/** The access of the first cluster and of the other one, according to the config. */
const accessOfFirst = {
  "pve-admins": { "/": "Administrator" },
  "authentik Admins": { as: "admins", "/vms": ["PVEVMUser", "PVEAuditor"] },
};
const accessInBerlin = { "berlin-devs": { "/vms": "PVEVMAdmin" }, guests: {} };

/**
 * All servers after an `up`. The nodes trust the CA of authentik's certificate. There is a Proxmox cluster of two
 * nodes, and another one, `berlin`, with one node.
 */
export class Lab {
  private constructor(
    readonly folder: string,
    private readonly ca: KeyPair,
    readonly authentik: RunningAuthentik,
    readonly proxmox: RunningProxmox,
    /** The second node of the first cluster. */
    readonly node2: RunningProxmox,
    readonly berlin: RunningProxmox,
    private readonly proxmoxApi: ReturnType<typeof clientOf>,
    private readonly docker: Server,
  ) {
    this.inAuthentik = new AuthentikByHand(authentik.httpUrl, authentikToken);
  }

  static async start(): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), "doctor-"));
    const ca = await createCertificateAuthority("doctor CA");
    const authentik = await startAuthentik({
      profile: CURRENT,
      bootstrap: { token: authentikToken, password: passwordOfAkadmin },
      rsaBits: 2048,
      tlsTickSeconds,
    });
    const node = (trust: string, clusterOf?: RunningProxmox["node"]) =>
      startProxmox({
        port: 0,
        rootPassword: "p4ssword",
        tokens: [proxmoxToken],
        trust: join(folder, trust),
        authenticationDelayMs: 0,
        ...(clusterOf && { clusterOf }),
      });
    const proxmox = await node("ca.pem");
    const node2 = await node("ca-of-node2.pem", proxmox.node);
    const berlin = await node("ca.pem");
    const docker = await fakeDocker(join(folder, "docker.sock"));
    const api = clientOf(proxmox, proxmoxToken);
    const lab = new Lab(folder, ca, authentik, proxmox, node2, berlin, api, docker);
    await lab.trustOurs();
    await lab.node2TrustsOurs();
    await lab.serveTls("localhost");
    const authentikServer = { url: authentik.httpUrl, origin: lab.origin, token: authentikToken };
    await makeSignOn(
      authentikServer,
      { ...proxmox, token: proxmoxToken },
      { slug: "proxmox", access: accessOfFirst, addresses: [proxmox.url, node2.url] },
    );
    await makeSignOn(
      authentikServer,
      { ...berlin, token: proxmoxToken },
      { slug: "proxmox-berlin", access: accessInBerlin, addresses: [berlin.url] },
    );
    return lab;
  }

  async stop(): Promise<void> {
    this.docker.close();
    await this.proxmoxApi.close();
    for (const node of [this.proxmox, this.node2, this.berlin]) await node.close();
    await this.authentik.close();
    await rm(this.folder, { recursive: true });
  }

  /** Servers of earlier releases that accept the same tokens. */
  older: { authentik: RunningAuthentik; proxmox: RunningProxmox } | undefined;

  async startOlder(): Promise<void> {
    this.older = {
      authentik: await startAuthentik({
        profile: "2025.10",
        bootstrap: { token: authentikToken },
        rsaBits: 2048,
      }),
      proxmox: await startProxmox({
        port: 0,
        release: "8.3",
        rootPassword: "p4ssword",
        tokens: [proxmoxToken],
        authenticationDelayMs: 0,
      }),
    };
  }

  async stopOlder(): Promise<void> {
    await this.older?.authentik.close();
    await this.older?.proxmox.close();
  }

  readonly access = accessOfFirst;
  readonly inAuthentik: AuthentikByHand;

  get origin(): string {
    return this.authentik.httpsUrl.replace("127.0.0.1", "localhost");
  }

  /** The config of a stack for the two clusters. */
  get config(): Record<string, string> {
    return {
      deployAuthentik: "false",
      authentikUrl: this.origin,
      authentikCaCertificate: this.ca.certificate,
      authentikToken,
      proxmoxAddresses: JSON.stringify([this.proxmox.url, this.node2.url]),
      proxmoxCa: this.proxmox.caPem,
      proxmoxToken,
      access: JSON.stringify(this.access),
      clusters: JSON.stringify({ berlin: this.inBerlin({}) }),
      "proxmoxToken-berlin": proxmoxToken,
    };
  }

  /** The config of the other cluster with these changes. */
  inBerlin(changes: Properties): Properties {
    const { url, caPem } = this.berlin;
    return { addresses: [url], ca: caPem, access: accessInBerlin, ...changes };
  }

  /** The config of a stack before its first authentik on Docker. */
  async configBeforeUp(): Promise<Record<string, string>> {
    return {
      ...this.config,
      deployAuthentik: "true",
      dockerHost: `unix://${join(this.folder, "docker.sock")}`,
      httpPort: String(await freePort()),
      httpsPort: String(await freePort()),
      authentikSecretKey: "s3cret-key",
      authentikBootstrapPassword: passwordOfAkadmin,
      postgresPassword: "p4ssword-of-postgres",
    };
  }

  /** Makes the Proxmox node trust the CA of authentik's certificate. */
  async trustOurs(): Promise<void> {
    await writeFile(join(this.folder, "ca.pem"), this.ca.certificate);
  }

  async trustNothing(): Promise<void> {
    await writeFile(join(this.folder, "ca.pem"), "");
  }

  async node2TrustsOurs(): Promise<void> {
    await writeFile(join(this.folder, "ca-of-node2.pem"), this.ca.certificate);
  }

  async node2TrustsNothing(): Promise<void> {
    await writeFile(join(this.folder, "ca-of-node2.pem"), "");
  }

  /** When the API token of the first cluster expires, in seconds since 1970; 0: never. */
  endToken(expire: number): void {
    const token = this.proxmox.node.store.config.users["root@pam"]?.tokens.doctor;
    assert.ok(token);
    token.expire = Math.floor(expire);
  }

  async setClock(offsetSeconds: number, { node } = this.proxmox): Promise<void> {
    node.clock.offsetSeconds = offsetSeconds;
  }

  rightRedirectUris(): Promise<void> {
    const urls = [this.proxmox.url, this.node2.url];
    return this.inAuthentik.redirectUris(...urls.map((url) => ({ matching_mode: "strict", url })));
  }

  /** Makes authentik serve a certificate of the CA for this name. */
  async serveTls(name: string, validityDays = 90): Promise<void> {
    const request = { commonName: name, subjectAltNames: [name], validityDays, keySize: 2048 } as const;
    const { certificate, privateKey } = await issueCertificate(request, this.ca);
    const { pk } = await this.inAuthentik.call("POST", "crypto/certificatekeypairs/", {
      name: randomUUID(),
      certificate_data: certificate,
      key_data: privateKey,
    });
    const [brand] = await this.inAuthentik.list("core/brands/");
    await this.inAuthentik.call("PATCH", `core/brands/${brand?.brand_uuid}/`, { web_certificate: pk });
    await sleep(tlsTickSeconds * 4000);
  }

  async inProxmox(method: string, path: string, parameters?: Record<string, string>): Promise<Properties> {
    const { status, reason, data } = await this.proxmoxApi.call(method, path, parameters);
    assert.equal(status, 200, `${method} ${path}: ${status} ${reason}`);
    return Object(data);
  }

  realm(options: Record<string, string>): Promise<Properties> {
    return this.inProxmox("PUT", "/access/domains/authentik", options);
  }
}

/** The part of Docker's API that returns its version. */
function fakeDocker(socket: string): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ Version: "28.0.0" }));
  });
  return new Promise((resolve) => server.listen(socket, () => resolve(server)));
}
