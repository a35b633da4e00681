import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { defaultImages } from "../../../components/images";
import { askAuthentik } from "../../engine/authentik-api";
import { assertUnchanged, changes } from "../../engine/harness";
import { addUser, loginOf } from "../../engine/login";
import { prefix, SwarmLab } from "./lab";

// `npm run swarm`: tests that take too long for `npm test`, on a manager and two worker nodes.

const proved = /"akadmin@authentik\\?" logged in through authentik/;
const nothing = { services: [], secrets: [], configs: [], networks: [], containers: [] };
const password = "a-password-of-the-test";
const [repo = "", version = ""] = defaultImages.authentik.split(/:(?=[^:]+$)/);
const patch = `${repo}:${version.replace(/\d+$/, (number) => String(Number(number) + 1))}`;

describe("authentik on a real swarm of three nodes", () => {
  let lab: SwarmLab;
  before(async () => {
    lab = await SwarmLab.start(2, { "swarm.workers": "2" });
  });
  after(() => lab?.remove());

  /** Logs in again and again while something happens. Returns what failed twice in a row. */
  async function loginsDuring(
    action: () => Promise<unknown>,
  ): Promise<{ logins: number; failures: string[] }> {
    const failures: string[] = [];
    let logins = 0;
    let isOver = false;
    const login = () => loginOf(lab, "alice", password);
    const loop = (async () => {
      while (!isOver) {
        // The simulator loses a login in progress with its server, so a person begins again.
        await login()
          .catch(() => sleep(2_000).then(login))
          .then(() => logins++)
          .catch((error) => failures.push(String(error)));
        await sleep(200);
      }
    })();
    try {
      await action();
    } finally {
      isOver = true;
      await loop;
    }
    return { logins, failures };
  }

  async function assertLoginsContinue(action: () => Promise<unknown>): Promise<void> {
    const { logins, failures } = await loginsDuring(action);
    console.log(`${logins} logins, ${failures.length} failures`);
    assert.deepEqual(failures, []);
    assert.ok(logins > 5, `${logins} logins`);
  }

  it("goes from nothing to a proved login, and is unchanged afterwards", async () => {
    assert.match(await lab.stack.up(), proved);
    const { services = [] } = await lab.inventory();
    assert.deepEqual(
      services,
      ["more-workers", "server", "worker"].map((name) => `${prefix}-${name}`),
    );
    assertUnchanged(await lab.stack.up("--refresh"));
    await addUser(lab, "alice", password, ["pve-admins"]);
  });

  it("rotates a secret while logins continue, and deletes the old one in the same up", async () => {
    const before = (await lab.inventory()).secrets ?? [];
    const secret = { "authentikEnvironment.LAB_CANARY": "another-value-of-the-canary" };
    await lab.stack.configure({ secret });
    await assertLoginsContinue(() => lab.stack.up());
    const now = (await lab.inventory()).secrets ?? [];
    assert.equal(now.length, before.length);
    assert.equal(now.filter((name) => !before.includes(name)).length, 1);
  });

  it("changes the image while logins continue", async () => {
    for (const { docker } of lab.nodes.all) {
      const [, tag = ""] = patch.split(/:(?=[^:]+$)/);
      await docker.getImage(defaultImages.authentik).tag({ repo, tag });
    }
    await lab.stack.configure({ plain: { authentikImage: patch } });
    await assertLoginsContinue(() => lab.stack.up());
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("rolls a failing image back, says why, and continues", async () => {
    await lab.stack.configure({ plain: { authentikImage: `${patch}-missing` } });
    let output = "";
    await assertLoginsContinue(async () => {
      output = await lab.stack.failingUp();
    });
    assert.match(output, /server was rolled back to its previous settings.*No such image/s);
    assert.match(await lab.stack.preview(), /server-rollout/, "the next preview shows the change");
    await lab.stack.configure({ plain: { authentikImage: patch } });
    await lab.stack.up();
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("shows drift of replicas in a refresh, and corrects it", async () => {
    const service = lab.nodes.manager.docker.getService(`${prefix}-more-workers`);
    const { Version, Spec } = await service.inspect();
    await service.update({ ...Spec, version: Version.Index, Mode: { Replicated: { Replicas: 3 } } });
    assert.match(changes(await lab.stack.up("--refresh")).join(), /1 updated/);
    assert.equal((await service.inspect()).Spec.Mode.Replicated.Replicas, 1);
  });

  it("takes over no service of others", async () => {
    const service = lab.nodes.manager.docker.getService(`${prefix}-more-workers`);
    const { Version, Spec } = await service.inspect();
    const Labels = { ...Spec.Labels, "proxmox-authentik-sso.mark": "of-somebody-else" };
    await service.update({ ...Spec, version: Version.Index, Labels });
    assert.match(
      await lab.stack.failingUp("--refresh"),
      /Docker objects of others .*the service "\S+-more-workers"\. They stay unchanged/,
    );
    const now = await service.inspect();
    await service.update({ ...Spec, version: now.Version.Index });
    await lab.stack.up("--refresh");
  });

  it("converges after a kill in the middle of an up", async () => {
    await lab.stack.configure({
      secret: { "authentikEnvironment.LAB_CANARY": "a-third-value-of-the-canary" },
    });
    const before = new Set((await lab.inventory()).secrets);
    const hasNew = async () => ((await lab.inventory()).secrets ?? []).some((name) => !before.has(name));
    await lab.stack.killedWhen("up", hasNew, (run) => run.killAll());
    await lab.stack.cancel();
    await lab.stack.up("--refresh");
    assertUnchanged(await lab.stack.up());
    assert.equal(((await lab.inventory()).secrets ?? []).length, before.size);
  });

  it("lets people log in while a worker node is cut off", async () => {
    const [, , last] = lab.nodes.all;
    assert.ok(last);
    await assertLoginsContinue(async () => {
      await lab.nodes.setConnected(last, false);
      await sleep(40_000);
    });
    await lab.nodes.setConnected(last, true);
    await lab.stack.up();
  });

  it("moves to one host and back with its data", async () => {
    const users = async () => {
      const url = lab.apiUrl;
      const { results } = await askAuthentik(
        { url, token: lab.secrets.authentikToken ?? "" },
        "GET",
        "/core/users/",
      );
      return JSON.stringify(results).includes('"alice"');
    };
    await lab.stack.unset("swarm");
    await lab.stack.up();
    assert.ok(await users(), "on one host");
    await loginOf(lab, "alice", password);
    assert.deepEqual((await lab.inventory()).services, []);
    assertUnchanged(await lab.stack.up("--refresh"));
    const swarm = { "swarm.servers": "2", "swarm.workers": "1", "swarm.publish": "host" };
    await lab.stack.configure({ plain: swarm });
    await lab.stack.up();
    assert.ok(await users(), "back in the swarm");
    await loginOf(lab, "alice", password);
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("is gone from all nodes after destroy", async () => {
    await lab.stack.destroy();
    assert.deepEqual(await lab.inventory(), nothing);
  });
});
