import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { accessOfTwoGroups } from "./access-config";
import { stackMadeBy } from "./earlier-commit";
import { assertUnchanged, configFor } from "./harness";
import { empty, Servers } from "./servers";
import type { Stack } from "./stack";

/**
 * The last commit before ownership was checked at every access, and before resources were named after their
 * objects.
 */
const commitBefore = "26933d2";

describe("a stack with access and its own role, created before resources were named after their objects", () => {
  let servers: Servers;
  let stack: Stack;
  let folder: string;

  before(async () => {
    servers = await Servers.start();
    folder = await mkdtemp(join(tmpdir(), "engine-upgrade-"));
    const { plain, secret } = configFor(servers);
    const { allowEveryone: _, ...others } = plain;
    const config = { ...others, ...accessOfTwoGroups, "roles.Operator[0]": "VM.Audit" };
    stack = await stackMadeBy(commitBefore, { plain: config, secret }, folder);
  });

  after(async () => {
    await stack?.remove();
    await servers?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function permissions(): Promise<string[]> {
    const entries = Object.values(await servers.inProxmox("GET", "/access/acl"));
    return entries
      .map((entry) => Object(entry))
      .filter(({ type }) => type === "group")
      .map(({ ugid, roleid, path }) => `${ugid} ${roleid} ${path}`)
      .sort();
  }

  it("passes a preview, a refresh and an up without changes", async () => {
    const before = await permissions();
    const preview = await stack.preview();
    assert.doesNotMatch(preview, /^ *[+~-]/m, preview);
    assertUnchanged(await stack.refresh());
    assertUnchanged(await stack.up());
    assertUnchanged(await stack.up());
    assert.deepEqual(await permissions(), before);
  });

  it("keeps its Proxmox group and permissions through a rename in authentik", async () => {
    const before = await permissions();
    await stack.unset('access["pve-users"]');
    await stack.configure({
      plain: {
        'access["Virtual Machine Users"].as': "pve-users",
        'access["Virtual Machine Users"]["/vms"]': "PVEVMUser",
        'access["Virtual Machine Users"]["/storage/local"]': "PVEDatastoreUser",
      },
    });
    await stack.up();
    assert.deepEqual(await permissions(), before);
    assertUnchanged(await stack.up());
  });

  it("is destroyed without leftovers", async () => {
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
    assert.deepEqual(await permissions(), []);
    assert.deepEqual(Object.values(await servers.inProxmox("GET", "/access/groups")), []);
  });
});
