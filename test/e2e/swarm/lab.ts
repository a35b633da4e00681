import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
import { distributeImages } from "./image";
import { Nodes } from "./nodes";
import { OutsidePostgres } from "./postgres";

/** As in the example of HAProxy. */
const ports = { http: 9000, https: 9443 };
const limitMs = 300_000;
const settledWithinMs = 60_000;
const label = "proxmox-authentik-sso.stack";
export const prefix = "proxmox-authentik-sso-swarm";

export interface SwarmLabOptions {
  readonly workerNodes?: number;
  /** Config that differs. */
  readonly plain?: Record<string, string>;
  /** Starts of the names of config keys that are not set. */
  readonly without?: readonly string[];
  /** Returns a socket that leads to the manager's. */
  readonly viaSocket?: (manager: string) => Promise<string>;
}

/** authentik on a real swarm behind HAProxy, PostgreSQL outside of it, and a simulated Proxmox that trusts its CA. */
export class SwarmLab implements Place {
  /** What is to end after the test, in this order. */
  readonly #ends: (() => unknown)[] = [];
  declare nodes: Nodes;
  declare stack: Stack;
  declare proxmox: RunningProxmox;
  declare postgres: OutsidePostgres;
  declare secrets: Record<string, string>;
  /** All requests to Proxmox. */
  readonly requests: string[] = [];
  declare authentikCa: string;
  declare authentikUrl: string;
  declare apiUrl: string;

  static async start(options: SwarmLabOptions = {}): Promise<SwarmLab> {
    const lab = new SwarmLab();
    try {
      await lab.#start(options);
    } catch (error) {
      await lab.remove();
      throw error;
    }
    return lab;
  }

  async #start({ workerNodes = 2, plain = {}, without = [], viaSocket }: SwarmLabOptions): Promise<void> {
    const docker = new Docker({ socketPath: engineSocket() });
    const nodes = this.#until(await Nodes.start(workerNodes), (nodes) => nodes.stop());
    this.nodes = nodes;
    const socket = await viaSocket?.(nodes.manager.socket);
    const ca = await createCertificateAuthority("swarm CA");
    this.authentikCa = ca.certificate;
    await writeFile(join(nodes.folder, "ca.pem"), ca.certificate);
    const proxmoxToken = `root@pam!swarm=${randomUUID()}`;
    const secrets = secretsWith({ proxmoxToken, tlsCaKey: ca.privateKey });
    this.secrets = secrets;
    await distributeImages(docker, nodes);
    this.postgres = await OutsidePostgres.start(nodes.outside, secrets.postgresPassword);
    this.proxmox = this.#until(
      await startProxmox({
        port: 0,
        rootPassword: randomUUID(),
        tokens: [proxmoxToken],
        trust: join(nodes.folder, "ca.pem"),
        onRequest: ({ method, path }) => this.requests.push(`${method} ${path}`),
      }),
      (one) => one.close(),
    );
    const balancer = this.#until(await Balancer.start(nodes), (one) => one.stop());
    this.authentikUrl = `https://localhost:${balancer.httpsPort}`;
    this.apiUrl = `http://127.0.0.1:${balancer.httpPort}`;
    const config = {
      authentikUrl: this.authentikUrl,
      authentikApiUrl: this.apiUrl,
      httpPort: String(ports.http),
      httpsPort: String(ports.https),
      tlsCaCertificate: ca.certificate,
      "authentikEnvironment.LAB_BRAND_TLS_TICK": "2",
      redis: "false",
      dockerHost: `unix://${socket ?? nodes.manager.socket}`,
      "swarm.servers": "2",
      "swarm.workers": "1",
      "swarm.publish": "host",
      ...outsideDatabase(this.postgres),
      "proxmoxAddresses[0]": this.proxmox.url,
      proxmoxCa: this.proxmox.caPem,
      usersOnDelete: "remove",
      ...accessOfTwoGroups,
      testUsername: "akadmin",
      ...plain,
    };
    const kept = Object.entries(config).filter(([key]) => !without.some((start) => key.startsWith(start)));
    const values = { plain: Object.fromEntries(kept), secret: secrets };
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
    const volumes = await Promise.all(this.nodes.all.map((node) => node.docker.listVolumes()));
    return {
      services: named(await docker.listServices({ filters })),
      secrets: named(await docker.listSecrets({ filters })),
      configs: named(await docker.listConfigs({ filters })),
      networks: (await docker.listNetworks({ filters })).map(({ Name }) => Name).sort(),
      containers: containers.flat().map(({ Names }) => Names[0] ?? ""),
      volumes: volumes.flatMap(({ Volumes }) => Volumes.map(({ Name }) => Name)),
    };
  }

  /** The inventory after a destroy. The nodes remove the containers of tasks a little later. */
  async left(): Promise<Record<string, string[]>> {
    const deadline = Date.now() + settledWithinMs;
    for (;;) {
      const inventory = await this.inventory();
      const isEmpty = Object.values(inventory).every((names) => names.length === 0);
      if (isEmpty || Date.now() > deadline) return inventory;
      await sleep(500);
    }
  }

  /** What an undisturbed run leaves, without random parts. The nodes remove the containers of tasks a little later. */
  async look(): Promise<unknown> {
    const deadline = Date.now() + settledWithinMs;
    for (;;) {
      const { services = [], secrets = [], configs = [], volumes, ...rest } = await this.inventory();
      const { containers } = rest;
      const running = await this.#running();
      // Also those of tasks that have ended, which go with their service.
      const isSettled = services.length > 0 || containers?.length === 0;
      if (isSettled || Date.now() > deadline) {
        const withoutSuffix = (names: string[]) =>
          names.map((name) => name.replace(/-[0-9a-f]{10}(-\d+)?$/, ""));
        return {
          ...rest,
          services,
          secrets: withoutSuffix(secrets),
          configs: withoutSuffix(configs),
          // Those of the image have random names.
          volumes: volumes?.length,
          containers: isSettled ? running : containers,
          onProxmox: await this.#onProxmox(),
        };
      }
      await sleep(500);
    }
  }

  /** The tasks that run, without their ids. */
  async #running(): Promise<string[]> {
    const filters = { label: [`${label}=${prefix}`] };
    const containers = await Promise.all(
      this.nodes.all.map((node) => node.docker.listContainers({ filters })),
    );
    return containers
      .flat()
      .map(({ Names }) => (Names[0] ?? "").replace(/\.\w+$/, ""))
      .sort();
  }

  /** The realms, groups and users on Proxmox. */
  async #onProxmox(): Promise<unknown[]> {
    const lists = ["domains", "groups", "users"].map(async (kind) =>
      Object.values(await this.inProxmox("GET", `/access/${kind}`))
        .map(Object)
        .map(({ realm, groupid, userid }) => realm ?? groupid ?? userid),
    );
    return (await Promise.all(lists)).flat().sort();
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

/** The config of the PostgreSQL outside. */
export function outsideDatabase({ host, port, user, database }: OutsidePostgres) {
  return {
    postgresHost: host,
    postgresPort: String(port),
    postgresUser: user,
    postgresDatabase: database,
  };
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
