import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { projectRoot } from "../../cli/paths";
import { defaultImages } from "../../components/images";
import { programOf } from "../engine/earlier-commit";
import { assertUnchanged } from "../engine/harness";
import { DockerLab } from "./docker-lab";

/** The last commit whose default image was authentik 2026.5.0. */
const commitBefore = "26933d2";
const earlier = { repo: "ghcr.io/goauthentik/server", tag: "2026.5.0" };

describe("a stack on Docker from the time when the default was authentik 2026.5.0", () => {
  let lab: DockerLab;
  let folder: string;

  before(async () => {
    lab = await DockerLab.start({ access: { allowEveryone: "true" }, name: "earlier" });
    // The lab's image is for the current default. With the earlier tag, it simulates the earlier release.
    await lab.docker.getImage(defaultImages.authentik).tag(earlier);
    await lab.stack.configure({ plain: { "authentikEnvironment.LAB_AUTHENTIK_PROFILE": "2026.5.0" } });
    await lab.stack.unset("redisPassword");
    // A secret variable would replace the containers to hide it.
    for (const name of ["AUTHENTIK_EMAIL__PASSWORD", "LAB_CANARY"]) {
      await lab.stack.unset(`authentikEnvironment.${name}`);
    }
    folder = await mkdtemp(join(tmpdir(), "earlier-default-"));
    lab.stack.project = await programOf(commitBefore, folder);
    await lab.stack.up();
    lab.stack.project = projectRoot;
  });

  after(async () => {
    await lab?.remove();
    await lab?.docker.getImage(`${earlier.repo}:${earlier.tag}`).remove();
    await rm(folder, { recursive: true, force: true });
  });

  it("stays unchanged, and reports the new default", async () => {
    const server = (await lab.inspect("server")).Id;
    const preview = await lab.stack.preview();
    assert.doesNotMatch(preview, /^ *[+~-]/m, preview);
    assert.match(preview, /authentik stays at \S+:2026\.5\.0, the default when this stack was made/);
    assert.match(preview, /\(2026\.5\.0 → 2026\.8\.7\): for each, npm run backup,/);
    assert.match(preview, /2026\.5\.0 has known security faults: /);
    assertUnchanged(await lab.stack.up());
    assertUnchanged(await lab.stack.refresh());
    assert.equal((await lab.inspect("server")).Id, server);
  });

  it("is upgraded when its user chooses it, with its data", async () => {
    const { repo } = earlier;
    await lab.stack.unset("authentikEnvironment.LAB_AUTHENTIK_PROFILE");
    await lab.stack.configure({ plain: { authentikImage: `${repo}:2026.11.0` } });
    assert.match(await lab.stack.failingPreview(), /between 2026\.5\.0 and 2026\.11\.0 there is 2026\.8/);
    await lab.stack.configure({ plain: { authentikImage: defaultImages.authentik } });
    const upgraded = await lab.stack.up();
    assert.match(upgraded, /"akadmin@authentik\\?" logged in/);
    assert.doesNotMatch(upgraded, /stays at|security faults/);
    assert.ok(
      (await lab.inspect("server")).Config.Env.some((line) => line.startsWith("AUTHENTIK_WEB__BASE_URL=")),
    );
    assert.equal(await lab.askAuthentik("GET", "/core/applications/proxmox/"), 200);
    assertUnchanged(await lab.stack.up());
  });

  it("is destroyed without leftovers", async () => {
    await lab.stack.destroy();
    assert.deepEqual((await lab.inventory()).containers, []);
  });
});
