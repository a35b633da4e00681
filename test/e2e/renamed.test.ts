import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { assertUnchanged } from "../engine/harness";
import { inFullRun } from "../tools/sample";
import { nothing } from "./docker-inventory";
import { DockerLab } from "./docker-lab";

const volumes = ["data", "database", "redis"].map((volume) => `proxmox-authentik-sso-named-${volume}`);
/** Changes that a preview reports for resources of one kind. */
function planned(preview: string, kind: string): string[] {
  const does = / (create|delete|update|replace|create-replacement|delete-replaced)\b/;
  return preview.split("\n").filter((line) => line.includes(`:${kind} `) && does.test(line));
}
const application = "/core/applications/proxmox/";

describe("a stack on Docker whose names change", () => {
  let lab: DockerLab;
  let prefix: string;
  before(async () => {
    lab = await DockerLab.start({ access: { allowEveryone: "true" }, name: "named" });
    await lab.stack.up();
  });
  after(() => lab?.remove());

  /** Containers and networks get current names. Volumes keep their names and data. */
  async function assertKeepsData(newPrefix: string): Promise<void> {
    prefix = newPrefix;
    const preview = await lab.stack.preview();
    assert.match(planned(preview, "Container").join("\n"), /server +replace/, preview);
    assert.deepEqual(planned(preview, "Volume"), []);
    await lab.stack.up();
    const inventory = await lab.inventory(prefix);
    assert.ok(inventory.containers.includes(`${prefix}-server`), inventory.containers.join());
    assert.deepEqual(await lab.volumes(), volumes);
    assert.equal(await lab.askAuthentik("GET", application), 200);
    assertUnchanged(await lab.stack.refresh());
    assertUnchanged(await lab.stack.up());
  }

  it("keeps its data through `pulumi stack rename`", async () => {
    await lab.stack.rename("renamed");
    await assertKeepsData("proxmox-authentik-sso-renamed");
  });

  inFullRun(() => {
    it("keeps its data with a custom prefix", async () => {
      await lab.stack.configure({ plain: { prefix: "sso" } });
      await assertKeepsData("sso");
    });
  });

  it("starts with an empty database on request, and a lab leaves nothing", async () => {
    await lab.stack.configure({ plain: { databaseVolume: "database-17" } });
    assert.match(planned(await lab.stack.preview(), "Volume").join(), /database +replace/);
    await lab.stack.destroy();
    assert.deepEqual(await lab.inventory(prefix), nothing);
    assert.deepEqual(await lab.volumes(), []);
  });
});
