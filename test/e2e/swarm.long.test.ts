import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { assertUnchanged } from "../engine/harness";
import { prefix, SwarmLab } from "./swarm/lab";

const proved = /"akadmin@authentik\\?" logged in through authentik/;
const nothing = { services: [], secrets: [], configs: [], networks: [], containers: [], volumes: [] };

describe("authentik on a real swarm of two nodes", () => {
  let lab: SwarmLab;
  before(async () => {
    lab = await SwarmLab.start({ workerNodes: 1 });
  });
  after(() => lab?.remove());

  it("goes from nothing to a proved login, and is unchanged afterwards", async () => {
    assert.match(await lab.stack.up(), proved);
    const { services = [] } = await lab.inventory();
    assert.deepEqual(
      services,
      ["server", "worker"].map((name) => `${prefix}-${name}`),
    );
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("is gone from all nodes after destroy", async () => {
    await lab.stack.destroy();
    assert.deepEqual(await lab.left(), nothing);
  });
});
