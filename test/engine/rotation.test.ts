import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { assertUnchanged, useEngine } from "./harness";
import { empty } from "./servers";

describe("new API tokens, the old ones revoked", () => {
  const engine = useEngine();

  before(async () => {
    const { servers, stack } = engine;
    await stack.up();
    await stack.configure({ secret: await servers.rotateTokens() });
  });

  it("count at refresh, without an up before it", async () => {
    assertUnchanged(await engine.stack.refresh());
  });

  it("count at up", async () => {
    await engine.stack.configure({ plain: { applicationName: "Rotated" } });
    assert.match(await engine.stack.up(), /logged in through authentik/);
    assert.equal((await engine.servers.application()).name, "Rotated");
  });

  it("count at destroy, without an up before it", async () => {
    await engine.stack.configure({ secret: await engine.servers.rotateTokens() });
    await engine.stack.destroy();
    assert.deepEqual(await engine.servers.inventory(), empty);
  });
});
