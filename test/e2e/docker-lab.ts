import assert from "node:assert/strict";
import { randomBytes, randomUUID, X509Certificate } from "node:crypto";
import { mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { certificateAt } from "../../cli/system/certificate-at";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { messageOf } from "../../providers/core/errors";
import { createCertificateAuthority, issueCertificate, type KeyPair } from "../../providers/pki/certificate";
import { accessOfTwoGroups } from "../engine/access-config";
import { askAuthentik, type JsonObject } from "../engine/authentik-api";
import type { Place } from "../engine/login";
import { Stack } from "../engine/stack";
import { clientOf } from "../lab/proxmox-client";
import { freePort } from "../tools/free-port";
import { type DockerInventory, inventoryOf, removeLeftovers } from "./docker-inventory";

const limitMs = 30_000;
const socketName = "docker.sock";
const labelOf = (prefix: string) => `proxmox-authentik-sso.stack=${prefix}`;

export interface DockerLabOptions {
  readonly name?: string;
  /** Socket of the Docker Engine. */
  socket?: string;
  /** Time limit of a CLI call. */
  limitMs?: number;
  /** Config of who may log in. */
  access?: Record<string, string>;
}

/** authentik's stack on the real Docker Engine, and a simulated Proxmox in this process that trusts its CA. */
export class DockerLab implements Place {
  readonly docker = new Docker();

  private constructor(
    private readonly prefix: string,
    readonly secrets: Record<string, string>,
    readonly proxmox: RunningProxmox,
    /** All requests to Proxmox. */
    readonly requests: readonly string[],
    readonly stack: Stack,
    readonly folder: string,
    private readonly ca: KeyPair,
    private readonly urls: { http: string; https: string },
  ) {}

  /**
   * @param socket the engine's socket, or one that leads to it
   * @param name of the stack; tests that run at the same time need different ones
   */
  static async start({
    socket = engineSocket(),
    name = "engine",
    limitMs,
    access = accessOfTwoGroups,
  }: DockerLabOptions = {}): Promise<DockerLab> {
    const folder = await mkdtemp(join(tmpdir(), "e2e-"));
    const ca = await createCertificateAuthority("e2e CA");
    await writeFile(join(folder, "ca.pem"), ca.certificate);
    const proxmoxToken = `root@pam!e2e=${randomUUID()}`;
    const requests: string[] = [];
    const proxmox = await startProxmox({
      port: 0,
      rootPassword: randomBytes(18).toString("base64url"),
      tokens: [proxmoxToken],
      trust: join(folder, "ca.pem"),
      onRequest: ({ method, path }) => requests.push(`${method} ${path}`),
    });
    const [httpPort, httpsPort] = await Promise.all([freePort(), freePort()]);
    await symlink(socket, join(folder, socketName));
    const password = randomSecret();
    const secrets = {
      authentikToken: randomSecret(),
      authentikSecretKey: randomSecret(),
      authentikBootstrapPassword: password,
      postgresPassword: randomSecret(),
      redisPassword: randomSecret(),
      tlsCaKey: ca.privateKey,
      proxmoxToken,
      testPassword: password,
      "authentikEnvironment.AUTHENTIK_EMAIL__PASSWORD": randomSecret(),
      // authentik reads none of these names from a file.
      "authentikEnvironment.LAB_CANARY": randomSecret(),
    };
    const plain = {
      authentikUrl: `https://localhost:${httpsPort}`,
      bindAddress: "127.0.0.1",
      httpPort: String(httpPort),
      httpsPort: String(httpsPort),
      tlsCaCertificate: ca.certificate,
      dockerHost: `unix://${join(folder, socketName)}`,
      // The real server checks every 180 s. The simulator can check more often.
      "authentikEnvironment.LAB_BRAND_TLS_TICK": "2",
      "proxmoxAddresses[0]": proxmox.url,
      proxmoxCa: proxmox.caPem,
      usersOnDelete: "remove",
      ...access,
      testUsername: "akadmin",
    };
    const stack = await Stack.create({ plain, secret: secrets }, undefined, limitMs, name);
    const lab = new DockerLab(
      `proxmox-authentik-sso-${name}`,
      secrets,
      proxmox,
      requests,
      stack,
      folder,
      ca,
      { http: `http://127.0.0.1:${httpPort}`, https: plain.authentikUrl },
    );
    // A killed run of this test may still use the names.
    await removeLeftovers(lab.docker, labelOf(lab.prefix));
    return lab;
  }

  get authentikUrl(): string {
    return this.urls.https;
  }

  /** PEM of the CA of authentik's TLS certificate. */
  get authentikCa(): string {
    return this.ca.certificate;
  }

  /** Runs an action while the Docker daemon is unreachable. */
  async withoutDocker<T>(action: () => Promise<T>): Promise<T> {
    const socket = join(this.folder, socketName);
    await rename(socket, `${socket}.away`);
    try {
      return await action();
    } finally {
      await rename(`${socket}.away`, socket);
    }
  }

  async remove(): Promise<void> {
    await removeLeftovers(this.docker, labelOf(this.prefix));
    await this.proxmox.close();
    await this.stack.remove();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @param prefix of the stack, if it has changed */
  inventory(prefix = this.prefix): Promise<DockerInventory> {
    return inventoryOf(this.docker, labelOf(prefix));
  }

  /** The volumes that the stack was created with. */
  async volumes(): Promise<string[]> {
    return (await this.inventory()).volumes;
  }

  inspect(service: string) {
    return this.docker.getContainer(`${this.prefix}-${service}`).inspect();
  }

  /** Ends a service from inside the container, so that Docker restarts it. Waits until it runs again. */
  async die(service: string, user: string): Promise<void> {
    const container = this.docker.getContainer(`${this.prefix}-${service}`);
    let killed: number | undefined;
    // authentik also ends by itself when its database has died, and Docker may start it again at this moment.
    await until(async () => {
      try {
        killed = (await container.inspect()).State.Pid;
        const exec = await container.exec({ Cmd: ["sh", "-c", "kill -INT 1"], User: user });
        (await exec.start({ Detach: true })).destroy();
        return true;
      } catch (error) {
        if (/not running|is restarting/.test(messageOf(error))) return false;
        throw error;
      }
    });
    await until(async () => {
      const { Running, Pid } = (await container.inspect()).State;
      return Running && Pid !== killed;
    });
  }

  /** Output of a command in a service's container. */
  async run(service: string, command: string): Promise<string> {
    const container = this.docker.getContainer(`${this.prefix}-${service}`);
    const exec = await container.exec({ Cmd: ["sh", "-c", command], AttachStdout: true, Tty: true });
    const printed = await text(await exec.start({ Tty: true }));
    assert.equal((await exec.inspect()).ExitCode, 0, printed);
    return printed.trim();
  }

  /** The status of authentik's answer. Retries while it starts. */
  async askAuthentik(method: "GET" | "DELETE", path: string): Promise<number> {
    let status = 0;
    await until(async () => {
      const headers = { Authorization: `Bearer ${this.secrets.authentikToken}` };
      const answer = await fetch(`${this.urls.http}/api/v3${path}`, { method, headers }).catch(
        () => undefined,
      );
      status = answer?.status ?? 0;
      return answer !== undefined && status !== 503;
    });
    return status;
  }

  /** Writes a key pair for authentik's https port, as another tool would. Returns its certificate. */
  async layOutPair(paths: { tlsCertificatePath: string; tlsKeyPath: string }): Promise<X509Certificate> {
    const request = { commonName: "localhost", subjectAltNames: ["localhost"], validityDays: 90 };
    const pair = await issueCertificate({ ...request, keySize: 2048 }, this.ca);
    await writeFile(paths.tlsCertificatePath, `${pair.certificate}${this.ca.certificate}`);
    await writeFile(paths.tlsKeyPath, pair.privateKey);
    return new X509Certificate(pair.certificate);
  }

  /** The certificate that authentik serves. */
  servedCertificate(): Promise<X509Certificate> {
    return certificateAt(this.urls.https);
  }

  /** Creates a container on the stack's network and volume, as a run does that is killed before it can record it. */
  async leaveBehind(): Promise<void> {
    const { Config } = await this.inspect("redis");
    const container = await this.docker.createContainer({
      name: `${this.prefix}-left-behind`,
      Image: Config.Image,
      Cmd: ["sleep", "600"],
      Labels: Config.Labels,
      HostConfig: { NetworkMode: `${this.prefix}-backend`, Binds: [`${this.prefix}-database:/data`] },
    });
    await container.start();
  }

  inAuthentik(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    const server = { url: this.urls.http, token: this.secrets.authentikToken ?? "" };
    return askAuthentik(server, method, path, body);
  }

  async inProxmox(method: string, path: string): Promise<JsonObject> {
    const api = clientOf(this.proxmox, this.secrets.proxmoxToken ?? "");
    const { status, reason, data } = await api.call(method, path).finally(api.close);
    assert.equal(status, 200, `${method} ${path}: ${status} ${reason}`);
    return Object(data);
  }

  /** The realms, groups and users on Proxmox, without built-in ones. */
  async onProxmox(): Promise<unknown[]> {
    const list = async (kind: string, key: string): Promise<unknown[]> =>
      Object.values(await this.inProxmox("GET", `/access/${kind}`)).map((item) => Object(item)[key]);
    const names = [
      ...(await list("domains", "realm")),
      ...(await list("groups", "groupid")),
      ...(await list("users", "userid")),
    ];
    return names.filter((name) => !["pam", "pve", "root@pam"].includes(String(name))).sort();
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs / 1000} s.`);
    await sleep(100);
  }
}

export function engineSocket(): string {
  return /^unix:\/\/(.+)/.exec(process.env.DOCKER_HOST ?? "")?.[1] ?? "/var/run/docker.sock";
}

function randomSecret(): string {
  return randomBytes(30).toString("hex");
}
