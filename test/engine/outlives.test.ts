import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { credentialKey } from "../../providers/core/credentials";
import { stackMadeBy } from "./earlier-commit";
import { assertUnchanged, configFor } from "./harness";
import { complete, empty, Servers } from "./servers";
import type { Stack } from "./stack";

/** The first commit whose stacks this version must be able to destroy. */
const earlierCommit = "33c8f9bac2e6";
/** The last commit whose states contain complete certificates in the inputs. */
const commitWithWholeCertificates = "486e80957060";

let servers: Servers;
let folder: string;
const stacks: Stack[] = [];

before(async () => {
  // These commits do not set grant types, which later releases require.
  servers = await Servers.start({ authentik: "2026.5" });
  folder = await mkdtemp(join(tmpdir(), "engine-outlives-"));
});

after(async () => {
  for (const stack of stacks) await stack.remove();
  await rm(folder, { recursive: true, force: true });
  await servers.stop();
});

async function madeBy(commit: string): Promise<Stack> {
  const stack = await stackMadeBy(commit, configFor(servers), folder);
  stacks.push(stack);
  assert.deepEqual(await servers.inventory(), complete);
  return stack;
}

describe("a stack made by an earlier commit", () => {
  it("is refreshed and destroyed by this one", async () => {
    const stack = await madeBy(earlierCommit);
    // A newer version may record more about an object. That is no drift.
    assert.doesNotMatch(await stack.refresh(), /\[diff: /);
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });

  it("is not changed when the CA, which each of its resources has, moves out of the state", async () => {
    const stack = await madeBy(commitWithWholeCertificates);
    assertUnchanged(await stack.up());
    assertUnchanged(await stack.refresh());
    await stack.unset("proxmoxCa");
    await stack.configure({ plain: { [credentialKey("proxmoxCa")]: servers.proxmox.caPem } });
    assertUnchanged(await stack.up());
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });
});
