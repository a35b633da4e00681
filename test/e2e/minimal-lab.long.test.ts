import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Docker from "dockerode";
import { projectRoot } from "../../cli/paths";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { createCertificateAuthority } from "../../providers/pki/certificate";
import { linkDependencies, pack, unpack } from "../engine/packed";
import { Stack } from "../engine/stack";
import { clientOf } from "../lab/proxmox-client";
import { freePort } from "../tools/free-port";
import { inventoryOf, nothing, removeLeftovers } from "./docker-inventory";

const limitMs = 180_000;
const label = "proxmox-authentik-sso.stack=sso-minimal-lab-engine";

/** test/engine/packed.test.ts runs the other examples, which need no Docker. */
describe("examples/minimal-lab, with the packed package, on Docker", () => {
  const docker = new Docker();
  const proxmoxToken = `root@pam!minimal=${randomUUID()}`;
  let folder = "";
  let proxmox: RunningProxmox;
  let stack: Stack | undefined;

  before(async () => {
    await removeLeftovers(docker, label);
    folder = await mkdtemp(join(tmpdir(), "minimal-lab-"));
    await unpack(await pack(folder), join(folder, "node_modules", "proxmox-authentik-sso"));
    await linkDependencies(folder, "typescript", "@types/node");
  });
  after(async () => {
    await stack?.remove();
    await proxmox?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The example with free ports, and with a simulator that soon serves a new TLS certificate. */
  async function copied(): Promise<{ project: string; authentikUrl: string }> {
    const project = join(folder, "minimal-lab");
    await cp(join(projectRoot, "examples", "minimal-lab"), project, { recursive: true });
    await symlink(join(folder, "node_modules"), join(project, "node_modules"), "junction");
    const [http, https] = [await freePort(), await freePort()];
    const url = `url: config.require("authentikUrl"),`;
    const own = `${url} httpPort: ${http}, httpsPort: ${https}, environment: { LAB_BRAND_TLS_TICK: "2" },`;
    const program = await readFile(join(project, "index.ts"), "utf8");
    assert.ok(program.includes(url));
    await writeFile(join(project, "index.ts"), program.replace(url, own));
    return { project, authentikUrl: `https://localhost:${https}` };
  }

  it("creates a realm for everybody, and is destroyed without leftovers", async () => {
    const ca = await createCertificateAuthority("minimal lab CA");
    await writeFile(join(folder, "ca.pem"), ca.certificate);
    proxmox = await startProxmox({
      port: 0,
      rootPassword: "of no use",
      tokens: [proxmoxToken],
      trust: join(folder, "ca.pem"),
    });
    const { project, authentikUrl } = await copied();
    const random = () => randomBytes(20).toString("hex");
    const plain = {
      authentikUrl,
      tlsCaCertificate: ca.certificate,
      "proxmoxAddresses[0]": proxmox.url,
      proxmoxCa: proxmox.caPem,
    };
    const secret = {
      authentikSecretKey: random(),
      postgresPassword: random(),
      authentikBootstrapPassword: random(),
      authentikToken: random(),
      tlsCaKey: ca.privateKey,
      proxmoxToken,
    };
    stack = await Stack.create({ plain, secret }, project, limitMs);

    const output = await stack.up();
    assert.match(
      output,
      /proof *: "A user that the proof made logged in through authentik \(1 address checked\), and was removed\./,
    );
    assert.equal((await inventoryOf(docker, label)).containers.length, 4);
    const api = clientOf(proxmox, proxmoxToken);
    const realms = async () =>
      Object.values(Object((await api.call("GET", "/access/domains")).data)).map(
        (each) => Object(each).realm,
      );
    assert.ok((await realms()).includes("authentik"));

    await stack.destroy();
    assert.deepEqual(await inventoryOf(docker, label), nothing);
    assert.ok(!(await realms()).includes("authentik"));
    await api.close();
  });
});
