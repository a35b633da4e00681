import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { type RunningProxmox, startProxmox } from "../../../lab/proxmox/server";
import { createCertificateAuthority } from "../../../providers/pki/certificate";
import { accessOfTwoGroups } from "../../engine/access-config";
import { askAuthentik, type JsonObject } from "../../engine/authentik-api";
import type { Place } from "../../engine/login";
import { Stack } from "../../engine/stack";
import { clientOf } from "../../lab/proxmox-client";
import { engineSocket } from "../docker-lab";
import { Balancer } from "./balancer";
import { distributeAuthentik } from "./image";
import { Nodes } from "./nodes";
import { OutsidePostgres } from "./postgres";

const ports = { http: 9080, https: 9443 };
const limitMs = 300_000;
const label = "proxmox-authentik-sso.stack";
export const prefix = "proxmox-authentik-sso-swarm";

/** authentik on a real swarm behind a balancer, PostgreSQL outside of it, and a simulated Proxmox that trusts its CA. */
export class SwarmLab implements Place {
  /** What is to end after the test, in this order. */
  readonly #ends: (() => unknown)[] = [];
  declare nodes: Nodes;
  declare stack: Stack;
  declare proxmox: RunningProxmox;
  declare secrets: Record<string, string>;
  declare authentikCa: string;
  declare authentikUrl: string;
  declare apiUrl: string;

  static async start(workerNodes = 2, plain: Record<string, string> = {}): Promise<SwarmLab> {
    const lab = new SwarmLab();
    try {
      await lab.#start(workerNodes, plain);
    } catch (error) {
      await lab.remove();
      throw error;
    }
    return lab;
  }

  async #start(workerNodes: number, plain: Record<string, string>): Promise<void> {
    const docker = new Docker({ socketPath: engineSocket() });
    const nodes = this.#until(await Nodes.start(workerNodes), (nodes) => nodes.stop());
    this.nodes = nodes;
    const ca = await createCertificateAuthority("swarm CA");
    this.authentikCa = ca.certificate;
    await writeFile(join(nodes.folder, "ca.pem"), ca.certificate);
    const proxmoxToken = `root@pam!swarm=${randomUUID()}`;
    const secrets = secretsWith({ proxmoxToken, tlsCaKey: ca.privateKey });
    this.secrets = secrets;
    await distributeAuthentik(docker, nodes);
    const postgres = this.#until(await OutsidePostgres.start(nodes.host, secrets.postgresPassword), (one) =>
      one.stop(),
    );
    this.proxmox = this.#until(
      await startProxmox({
        port: 0,
        rootPassword: randomUUID(),
        tokens: [proxmoxToken],
        trust: join(nodes.folder, "ca.pem"),
      }),
      (one) => one.close(),
    );
    const hosts = nodes.all.map(({ address }) => address);
    const balancer = this.#until(new Balancer(hosts, ports.http), (one) => one.close());
    this.authentikUrl = `https://localhost:${await balancer.listen(ports.https)}`;
    this.apiUrl = `http://127.0.0.1:${await balancer.listen(ports.http)}`;
    const config = {
      authentikUrl: this.authentikUrl,
      authentikApiUrl: this.apiUrl,
      httpPort: String(ports.http),
      httpsPort: String(ports.https),
      tlsCaCertificate: ca.certificate,
      "authentikEnvironment.LAB_BRAND_TLS_TICK": "2",
      redis: "false",
      dockerHost: `unix://${nodes.manager.socket}`,
      "swarm.servers": "2",
      "swarm.workers": "1",
      "swarm.publish": "host",
      postgresHost: postgres.host,
      postgresPort: String(postgres.port),
      postgresUser: postgres.user,
      postgresDatabase: postgres.database,
      "proxmoxAddresses[0]": this.proxmox.url,
      proxmoxCa: this.proxmox.caPem,
      usersOnDelete: "remove",
      ...accessOfTwoGroups,
      testUsername: "akadmin",
      ...plain,
    };
    const values = { plain: config, secret: secrets };
    this.stack = this.#until(await Stack.create(values, undefined, limitMs, "swarm"), (one) => one.remove());
  }

  #until<T>(started: T, end: (started: T) => unknown): T {
    this.#ends.unshift(() => end(started));
    return started;
  }

  /** Names of the stack's objects in the swarm, and of its containers on each node. */
  async inventory(): Promise<Record<string, string[]>> {
    const { docker } = this.nodes.manager;
    const filters = { label: [`${label}=${prefix}`] };
    const named = (all: { Spec?: { Name?: string } }[]) => all.map(({ Spec }) => Spec?.Name ?? "").sort();
    const containers = await Promise.all(
      this.nodes.all.map((node) => node.docker.listContainers({ all: true, filters })),
    );
    return {
      services: named(await docker.listServices({ filters })),
      secrets: named(await docker.listSecrets({ filters })),
      configs: named(await docker.listConfigs({ filters })),
      networks: (await docker.listNetworks({ filters })).map(({ Name }) => Name).sort(),
      containers: containers.flat().map(({ Names }) => Names[0] ?? ""),
    };
  }

  async inAuthentik(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    return askAuthentik({ url: this.apiUrl, token: this.secrets.authentikToken ?? "" }, method, path, body);
  }

  async inProxmox(method: string, path: string): Promise<JsonObject> {
    const api = clientOf(this.proxmox, this.secrets.proxmoxToken ?? "");
    const { status, reason, data } = await api.call(method, path).finally(api.close);
    assert.equal(status, 200, `${method} ${path}: ${status} ${reason}`);
    return Object(data);
  }

  async remove(): Promise<void> {
    for (const end of this.#ends) await end();
  }
}

function secretsWith<Given extends Record<string, string>>(given: Given) {
  const random = () => randomBytes(20).toString("hex");
  const password = random();
  return {
    authentikToken: random(),
    authentikSecretKey: random(),
    authentikBootstrapPassword: password,
    postgresPassword: random(),
    testPassword: password,
    "authentikEnvironment.LAB_CANARY": random(),
    ...given,
  };
}
