import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Docker from "dockerode";
import { capture } from "../../cli/system/process";
import { defaultImages } from "../../components/images";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { defaultVersion } from "../../providers/authentik/releases";
import { callDocker } from "../../providers/docker/api";
import type { DockerEndpoint } from "../../providers/docker/endpoint";
import { assertUnchanged } from "../engine/harness";
import { Stack } from "../engine/stack";
import { freePort } from "../tools/free-port";
import { inFullRun, sample } from "../tools/sample";
import { inventoryOf, nothing, removeLeftovers } from "./docker-inventory";
import { ExternalPostgres } from "./hosts/external-postgres";
import { type Front, startSocketFront, startTlsFront, type TlsFront } from "./hosts/fronts";
import { startRegistry } from "./hosts/registry";
import { type SshServer, startSshServer } from "./hosts/ssh-server";

const engineSocket = /^unix:\/\/(.+)/.exec(process.env.DOCKER_HOST ?? "")?.[1] ?? "/var/run/docker.sock";
const docker = new Docker({ socketPath: engineSocket });
const limitMs = 180_000;
const samplingMs = 250;
const prefix = "proxmox-authentik-sso-hosts";
const label = `proxmox-authentik-sso.stack=${prefix}`;
// The context leads to the TLS front, with its client certificate.
const ways = sample(["context", "socket", "ssh", "tls"], (way) => ["context", "ssh"].includes(way));
const labelOf = (way: string) => `proxmox-authentik-sso.stack=docker-hosts-${way}`;
const mountedVolume = "docker-hosts-templates";

/** Secrets that must not appear anywhere in plain text. */
const secrets = {
  postgresPassword: randomBytes(20).toString("hex"),
  authentikToken: randomBytes(20).toString("hex"),
  authentikSecretKey: randomBytes(20).toString("hex"),
  authentikBootstrapPassword: randomBytes(20).toString("hex"),
};

describe("Docker hosts", () => {
  let folder: string;
  let tls: TlsFront;
  let ssh: SshServer;
  let socket: Front;

  before(async () => {
    for (const each of [...ways.map(labelOf), label]) await removeLeftovers(docker, each);
    folder = await mkdtemp(join(tmpdir(), "docker-hosts-"));
    [tls, ssh, socket] = await Promise.all([
      startTlsFront(engineSocket, folder),
      startSshServer(folder),
      startSocketFront(engineSocket, folder),
    ]);
    // The environment's settings are invalid: only the config counts. Contexts are in the directory of Docker's
    // client.
    process.env.DOCKER_CONFIG = join(folder, "docker");
    process.env.DOCKER_HOST = "unix:///nowhere/docker.sock";
    process.env.DOCKER_CONTEXT = "nowhere";
    const at = (file: string) => `${file.replace(".pem", "")}=${join(tls.certPath, file)}`;
    const endpoint = [`host=${tls.host}`, ...["ca.pem", "cert.pem", "key.pem"].map(at)].join(",");
    await capture("docker", ["context", "create", "elsewhere", "--docker", endpoint], {
      timeoutMs: 30_000,
      env: { ...process.env, DOCKER_CONTEXT: "" },
    });
  });

  after(async () => {
    for (const front of [tls, ssh, socket]) front?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Output of an `up`. Checks that no process's arguments and no state contain the secrets. */
  async function upInSecret(stack: Stack, more: Record<string, string> = {}): Promise<string> {
    const lines = new Set<string>();
    const sampling = setInterval(async () => {
      const listed = await capture("ps", ["-e", "-o", "args="], { timeoutMs: 10_000 });
      for (const line of listed.split("\n")) lines.add(line);
    }, samplingMs);
    const output = await stack.up().finally(() => clearInterval(sampling));
    const shown = [await stack.export(), ...lines].join("\n");
    assert.match(shown, /\npulumi up |\/pulumi up /);
    const keyLine = tls.key.split("\n")[5] ?? "";
    for (const [name, secret] of Object.entries({ ...secrets, ...more, keyLine })) {
      assert.ok(secret.length > 10);
      for (const form of [secret, Buffer.from(secret).toString("base64")]) {
        assert.ok(!shown.includes(form), name);
      }
    }
    return output;
  }

  it(`are reached, with nothing secret in plain text: ${ways.join(", ")}`, async () => {
    const options: Record<string, Record<string, string>> = {
      tls: { host: tls.host, certPath: tls.certPath },
      context: { context: "elsewhere" },
      socket: { host: socket.host },
      ssh: {
        // Its path is the socket on the remote host.
        host: `${ssh.host}${engineSocket}`,
        ...Object.fromEntries(ssh.sshOptions.map((word, index) => [`sshOptions[${index}]`, word])),
      },
    };
    const plain = Object.fromEntries(
      ways.flatMap((way) =>
        Object.entries(options[way] ?? {}).map(([name, value]) => [`hosts.${way}.${name}`, value]),
      ),
    );
    const program = join(__dirname, "hosts", "program");
    const stack = await Stack.create(
      { plain, secret: { password: secrets.postgresPassword } },
      program,
      limitMs,
    );
    const inventories = () => Promise.all(ways.map((way) => inventoryOf(docker, labelOf(way))));
    try {
      await upInSecret(stack);
      assert.deepEqual(
        await inventories(),
        ways.map((way) => ({
          containers: [`docker-hosts-${way}-postgres`],
          volumes: [`docker-hosts-${way}-database`],
          networks: [`docker-hosts-${way}-backend`],
        })),
      );
      for (const front of [tls, ssh, ...(ways.includes("socket") ? [socket] : [])]) {
        assert.ok((await front.connections()) > 0, front.host);
      }
      assertUnchanged(await stack.up("--refresh"));
      await stack.destroy();
      assert.deepEqual(
        await inventories(),
        ways.map(() => nothing),
      );
    } finally {
      await stack.attempt("destroy");
      await stack.remove();
    }
  });

  it("refuse clients without key or certificate, and the reason is reported", async () => {
    const isRefused = (endpoint: DockerEndpoint, message: RegExp) =>
      assert.rejects(callDocker(endpoint, { url: "/version" }), { name: "UserError", message });
    const withoutKey = ssh.sshOptions.map((word) => (word.endsWith("user-key") ? "/dev/null" : word));
    await isRefused(
      { host: ssh.host, sshOptions: withoutKey },
      /does not answer at ssh:.*Permission denied \(publickey\)/s,
    );
    await isRefused(
      { host: `${ssh.host}/nowhere.sock`, sshOptions: ssh.sshOptions },
      /does not answer at ssh:.*nowhere\.sock/s,
    );
    await isRefused({ host: tls.host.replace("tcp:", "https:") }, /does not answer at https:/);
  });

  inFullRun(() => {
    it("run authentik by a context: image by digest from a registry with login, external PostgreSQL, mounts, limits", async () => {
      const proxmoxToken = `root@pam!hosts=${randomUUID()}`;
      const port = await freePort();
      const branding = join(folder, "branding");
      await mkdir(branding);
      let postgres: ExternalPostgres | undefined;
      let proxmox: RunningProxmox | undefined;
      let stack: Stack | undefined;
      const registry = await startRegistry(docker, folder);
      await docker.createVolume({ Name: mountedVolume });
      try {
        const image = await registry.push(defaultImages.authentik, "goauthentik/server", defaultVersion);
        postgres = await ExternalPostgres.start(docker, secrets.postgresPassword);
        proxmox = await startProxmox({ port: 0, rootPassword: randomUUID(), tokens: [proxmoxToken] });
        const plain = {
          authentikUrl: `http://localhost:${port}`,
          authentikImage: image,
          bindAddress: "127.0.0.1",
          httpPort: String(port),
          httpsPort: String(await freePort()),
          redis: "false",
          dockerContext: "elsewhere",
          registryAddress: registry.address,
          registryUsername: registry.username,
          postgresHost: postgres.host,
          postgresPort: String(postgres.port),
          postgresUser: postgres.user,
          postgresDatabase: postgres.database,
          memoryMegabytes: "640",
          cpus: "1.25",
          "mounts[0].source": branding,
          "mounts[0].target": "/media/branding",
          "mounts[1].source": mountedVolume,
          "mounts[1].target": "/templates",
          "mounts[1].readOnly": "false",
          "proxmoxAddresses[0]": proxmox.url,
          proxmoxCa: proxmox.caPem,
          allowEveryone: "true",
          testUsername: "akadmin",
        };
        const registryPassword = registry.password;
        const testPassword = secrets.authentikBootstrapPassword;
        const secret = { ...secrets, proxmoxToken, registryPassword, testPassword };
        stack = await Stack.create({ plain, secret }, undefined, limitMs, "hosts");
        assert.match(
          await upInSecret(stack, { registryPassword }),
          /akadmin@authentik\\?" logged in through authentik/,
        );

        for (const service of ["server", "worker"]) {
          const { Image, HostConfig, Mounts } = await docker.getContainer(`${prefix}-${service}`).inspect();
          const { RepoDigests } = await docker.getImage(Image).inspect();
          assert.ok(RepoDigests.includes(image.replace(/:[^:@]+@/, "@")), "the registry's image");
          assert.equal(HostConfig.Memory, 640 << 20);
          assert.equal(HostConfig.NanoCpus, 1.25e9);
          const mounted = Mounts.map(({ Type, Destination, RW }) => [Type, Destination, RW]);
          assert.deepEqual(mounted.sort(), [
            ["bind", "/media/branding", false],
            ["volume", "/data", true],
            ["volume", "/media", true],
            ["volume", "/templates", true],
          ]);
        }
        assert.ok((await postgres.tables()) > 0, "authentik's data are in the PostgreSQL elsewhere");
        assertUnchanged(await stack.up("--refresh"));
        await stack.destroy();
        assert.deepEqual(await inventoryOf(docker, label), nothing);
      } finally {
        await stack?.attempt("destroy");
        await stack?.remove();
        await proxmox?.close();
        await postgres?.remove();
        await docker.getVolume(mountedVolume).remove();
        registry.close();
      }
    });
  });
});
