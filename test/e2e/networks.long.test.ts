import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { assertUnchanged } from "../engine/harness";
import { DockerLab } from "./docker-lab";

const application = "/core/applications/proxmox/";

describe("the networks of a stack on Docker", () => {
  let lab: DockerLab;
  before(async () => {
    lab = await DockerLab.start({ access: { allowEveryone: "true" }, name: "networks" });
    await lab.stack.up();
  });
  after(() => lab?.remove());

  async function subnets(): Promise<unknown[]> {
    const { networks } = await lab.inventory();
    const inspected = await Promise.all(networks.map((name) => lab.docker.getNetwork(name).inspect()));
    return inspected.map(({ IPAM }) => IPAM?.Config?.[0]?.Subnet);
  }

  it("get the configured subnets in a stack that runs already, which keeps its data", async () => {
    const volumes = await lab.volumes();
    const [backend, frontend] = ["10.211.7.0/29", "10.211.8.0/24"];
    await lab.stack.configure({
      plain: { "dockerSubnets.backend": backend, "dockerSubnets.frontend": frontend },
    });
    await lab.stack.up();
    assert.deepEqual(await subnets(), [backend, frontend]);
    assert.deepEqual(await lab.volumes(), volumes);
    assert.equal(await lab.askAuthentik("GET", application), 200);
    const { Healthcheck } = (await lab.inspect("server")).Config;
    assert.equal(Healthcheck?.StartPeriod, 120e9);
    assertUnchanged(await lab.stack.up("--refresh"));
  });
});
