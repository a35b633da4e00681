import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { nothing } from "./docker-inventory";
import { DockerLab } from "./docker-lab";

describe("a stack on Docker without bootstrap values, as after `--least-privilege`,", () => {
  let lab: DockerLab;
  before(async () => {
    lab = await DockerLab.start({ access: { allowEveryone: "true" }, name: "no-bootstrap" });
  });
  after(() => lab?.remove());

  it("is refused at once if its database is missing", async () => {
    // A new Docker host, with volumes of a production stack.
    await lab.stack.configure({
      plain: { authentikBootstrap: "false", authentikUrl: "https://auth.example.com" },
    });
    const begun = Date.now();
    const output = await lab.stack.failingUp();
    assert.match(
      output,
      /error: The volume "\S+-database" is not on this Docker: .*Set `authentikBootstrap` to true/,
    );
    assert.ok(Date.now() - begun < 60_000);
    assert.deepEqual(await lab.inventory(), nothing);
  });
});
