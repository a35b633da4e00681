import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { assertUnchanged, useEngine } from "./harness";
import { complete, empty } from "./servers";

describe("the life of a stack", () => {
  const engine = useEngine();
  let firstUp: string;

  before(async () => {
    firstUp = await engine.stack.up();
  });

  it("starts with one up, which proves the login and removes the Proxmox user of the proof", async () => {
    assert.match(firstUp, /\\"akadmin@authentik\\" logged in through authentik/);
    const { requests } = engine.servers;
    const login = requests.indexOf("POST /api2/json/access/openid/login");
    assert.ok(login >= 0);
    assert.ok(requests.slice(login).includes("DELETE /api2/json/access/users/akadmin%40authentik"));
    assert.deepEqual(await engine.servers.inventory(), complete);
  });

  it("keeps private key, tokens and passwords out of the state, and the client secret encrypted in it", async () => {
    const { authentikToken, authentikPassword, proxmoxToken } = engine.servers;
    const encrypted = await engine.stack.export();
    const decrypted = await engine.stack.export("--show-secrets");
    const { client_secret: clientSecret } = await engine.servers.provider();
    assert.ok(typeof clientSecret === "string" && clientSecret.length > 100);
    assert.ok(decrypted.includes(clientSecret));
    for (const text of [encrypted, firstUp]) assert.ok(!text.includes(clientSecret));
    for (const secret of [authentikToken, authentikPassword, proxmoxToken, "PRIVATE KEY"]) {
      for (const text of [encrypted, decrypted, firstUp]) assert.ok(!text.includes(secret));
    }
  });

  it("contains references to its code in the state, not the code", async () => {
    const dynamic = (await engine.stack.resources()).filter(({ type }) => type.includes("dynamic/"));
    assert.equal(dynamic.length, 7);
    for (const { urn, inputs, outputs } of dynamic) {
      const copies = [inputs?.__provider, outputs?.__provider];
      assert.ok(
        copies.every((copy) => typeof copy === "string"),
        urn,
      );
      assert.ok(copies.join("").length < 1100, `${urn}: ${copies.join("").length} bytes`);
    }
  });

  it("stays unchanged in a second up, which makes no API call", async () => {
    const requests = await engine.servers.requestsOf(async () => {
      assertUnchanged(await engine.stack.up());
    });
    assert.deepEqual(requests, []);
  });

  it("shows no drift in a refresh, and no changes after it", async () => {
    assertUnchanged(await engine.stack.refresh());
    assertUnchanged(await engine.stack.up());
  });

  it("ends with a destroy, which leaves nothing", async () => {
    await engine.stack.destroy();
    assert.deepEqual(await engine.servers.inventory(), empty);
    assert.deepEqual(await engine.stack.resources(), []);
  });
});
