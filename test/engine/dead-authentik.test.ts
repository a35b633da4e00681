import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { useEngine } from "./harness";
import { empty, oldest } from "./servers";

describe("an existing authentik that no longer runs", () => {
  const engine = useEngine(oldest);

  before(async () => {
    await engine.stack.up();
    await engine.servers.authentik.close();
  });

  it("makes destroy fail with one clear error, after the realm was deleted", async () => {
    const output = await engine.stack.failingDestroy();
    const errors = output.slice(output.indexOf("Diagnostics:")).match(/error: Unable to .*/g) ?? [];
    assert.equal(errors.length, 1, output);
    assert.match(
      String(errors[0]),
      /Unable to delete the authentik application "proxmox": authentik refuses connections/,
    );
    assert.deepEqual(await engine.servers.realms(), []);
  });

  it("allows destroy to finish when it runs again, even after a new set-up", async () => {
    await engine.servers.startEmptyAuthentik();
    await engine.stack.destroy();
    assert.deepEqual(await engine.servers.inventory(), empty);
    assert.deepEqual(await engine.stack.resources(), []);
  });
});
