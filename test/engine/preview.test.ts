import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { useEngine } from "./harness";

const unreachable = "127.0.0.1:1";

describe("a preview", () => {
  const engine = useEngine();

  before(async () => {
    await engine.stack.configure({
      plain: { authentikUrl: `https://${unreachable}`, "proxmoxAddresses[0]": `https://${unreachable}` },
    });
  });

  it("works while authentik and Proxmox are unreachable", async () => {
    assert.match(await engine.stack.preview(), /\+ \d+ to create/);
  });

  it("refuses settings that only a lab should have, for production, all at once", async () => {
    await engine.stack.configure({ plain: { production: "true" } });
    const output = await engine.stack.failingPreview();
    assert.match(output, /configuration has 3 mistakes:/);
    assert.match(output, /- authentikUrl is https:\/\/127\.0\.0\.1:1, which only this machine can open/);
    assert.match(output, /- proxmoxAddresses has https:\/\/127\.0\.0\.1:1, which only this machine can open/);
    assert.match(output, /- allowEveryone is true: declare in `access` which groups/);
    await engine.stack.unset("production");
  });

  it("works while authentik's Docker is unreachable", async () => {
    const secrets = ["authentikSecretKey", "authentikBootstrapPassword", "postgresPassword"];
    await engine.stack.configure({
      plain: { deployAuthentik: "true" },
      secret: Object.fromEntries(secrets.map((key) => [key, `${key}-of-the-preview`])),
    });
    const output = await engine.stack.preview({ DOCKER_HOST: `tcp://${unreachable}` });
    assert.match(output, /\+ \d+ to create/);
    assert.match(output, /docker:index.*:Container/);
  });

  it("refuses an empty database without the first administrator's values, and names their keys", async () => {
    await engine.stack.configure({ plain: { authentikBootstrap: "false" } });
    const output = await engine.stack.failingPreview();
    assert.match(output, /start with an empty database\. .*Set `authentikBootstrap` to true/s);
    await engine.stack.unset("authentikBootstrap");
  });

  it("refuses an address of Docker without a scheme, and suggests a valid one", async () => {
    const output = await engine.stack.failingPreview({ DOCKER_HOST: "root@docker.example.com" });
    assert.match(output, /DOCKER_HOST is "…@docker\.example\.com", .*: write ssh:\/\/root@docker/);
    assert.doesNotMatch(output, /TypeError|unhandled|at .*\.ts:/);
  });

  it("makes no call after an up either, and works without the servers", async () => {
    const { servers, stack } = engine;
    await stack.configure({
      plain: {
        deployAuthentik: "false",
        authentikUrl: servers.authentik.httpUrl,
        "proxmoxAddresses[0]": servers.proxmox.url,
      },
    });
    await stack.up();
    await servers.stop();
    assert.deepEqual(await servers.requestsOf(() => stack.preview()), []);
  });
});
