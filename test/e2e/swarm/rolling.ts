import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { doctorContextOf } from "../../../cli/doctor/context";
import { diagnose } from "../../../cli/doctor/diagnose";
import { asText } from "../../../cli/doctor/report";
import { defaultImages } from "../../../components/images";
import { assertUnchanged } from "../../engine/harness";
import { addUser } from "../../engine/login";
import { prefix, SwarmLab } from "./lab";
import { Logins } from "./logins";

// A part of `npm run swarm`: tests that take too long for `npm test`, on a manager and two worker nodes.

const proved = /"akadmin@authentik\\?" logged in through authentik/;
const nothing = { services: [], secrets: [], configs: [], networks: [], containers: [], volumes: [] };
const password = "a-password-of-the-test";
const [repo = "", version = ""] = defaultImages.authentik.split(/:(?=[^:]+$)/);
const nextTag = version.replace(/\d+$/, (number) => String(Number(number) + 1));
const patch = `${repo}:${nextTag}`;
const heartbeatMs = 40_000;

describe("authentik on a real swarm of three nodes", () => {
  let lab: SwarmLab;
  let logins: Logins;
  before(async () => {
    lab = await SwarmLab.start({ plain: { "swarm.workers": "2" } });
    logins = new Logins(lab, "alice", password);
  });
  after(() => lab?.remove());

  const moreWorkers = () => lab.nodes.manager.docker.getService(`${prefix}-more-workers`);

  it("goes from nothing to a proved login, and is unchanged afterwards", async () => {
    assert.match(await lab.stack.up(), proved);
    const { services = [] } = await lab.inventory();
    assert.deepEqual(
      services,
      ["more-workers", "server", "worker"].map((name) => `${prefix}-${name}`),
    );
    assertUnchanged(await lab.stack.up());
    assertUnchanged(await lab.stack.up("--refresh"));
    assertUnchanged(await lab.stack.refresh());
    await addUser(lab, "alice", password, ["pve-admins"]);
  });

  it("is previewed while no manager answers", async () => {
    const { socket } = lab.nodes.manager;
    await rename(socket, `${socket}.away`);
    try {
      assertUnchanged(await lab.stack.preview());
    } finally {
      await rename(`${socket}.away`, socket);
    }
  });

  it("rotates a secret while logins continue, and deletes the old one in the same up", async () => {
    const before = (await lab.inventory()).secrets ?? [];
    const secret = { "authentikEnvironment.LAB_CANARY": "another-value-of-the-canary" };
    await lab.stack.configure({ secret });
    await logins.allDuring("a secret rotated", () => lab.stack.up());
    const now = (await lab.inventory()).secrets ?? [];
    assert.equal(now.length, before.length);
    assert.equal(now.filter((name) => !before.includes(name)).length, 1);
  });

  it("changes the image while logins continue", async () => {
    for (const { docker } of lab.nodes.all) {
      await docker.getImage(defaultImages.authentik).tag({ repo, tag: nextTag });
    }
    await lab.stack.configure({ plain: { authentikImage: patch } });
    await logins.allDuring("the image changed", () => lab.stack.up());
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("rolls a failing image back, says why, and continues", async () => {
    await lab.stack.configure({ plain: { authentikImage: `${patch}-missing` } });
    const output = await logins.allDuring("a failing image", () => lab.stack.failingUp());
    assert.match(output, /server was rolled back to its previous settings.*Docker says: .*No such image/s);
    await logins.once();
    assert.match(await lab.stack.preview(), /server-rollout/, "the next preview shows the change");
    await lab.stack.configure({ plain: { authentikImage: patch } });
    await logins.allDuring("the image set back", () => lab.stack.up());
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("rolls a wrong password of the database back, and continues with the right one, its former value", async () => {
    const before = (await lab.inventory()).secrets ?? [];
    await lab.stack.configure({ secret: { postgresPassword: "a-wrong-password" } });
    const output = await logins.allDuring("a wrong password", () => lab.stack.failingUp());
    assert.match(output, /rolled back to its previous settings/);
    await lab.stack.configure({ secret: { postgresPassword: lab.secrets.postgresPassword ?? "" } });
    await logins.allDuring("the password set back", () => lab.stack.up());
    assert.equal((await lab.inventory()).secrets?.length, before.length, "the wrong one is deleted");
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("shows drift of environment, image, replicas and ports in a refresh, and corrects it", async () => {
    const declared = await specOf(moreWorkers());
    await change(moreWorkers(), ({ TaskTemplate, ...spec }) => ({
      ...spec,
      TaskTemplate: {
        ...TaskTemplate,
        ContainerSpec: {
          ...TaskTemplate.ContainerSpec,
          Image: defaultImages.authentik,
          Env: [...TaskTemplate.ContainerSpec.Env, "AUTHENTIK_LOG_LEVEL=trace"],
        },
      },
      Mode: { Replicated: { Replicas: 2 } },
      EndpointSpec: {
        ...spec.EndpointSpec,
        Ports: [{ Protocol: "tcp", TargetPort: 9000, PublishedPort: 9999, PublishMode: "host" }],
      },
    }));
    const shown = await lab.stack.preview({}, "--refresh", "--diff");
    for (const what of [/AUTHENTIK_LOG_LEVEL/, new RegExp(`image.*${nextTag}`), /replicas/, /9999/]) {
      assert.match(shown, what);
    }
    await lab.stack.up("--refresh");
    assert.deepEqual(await specOf(moreWorkers()), declared);
  });

  it("takes over no service of others", async () => {
    const Labels = { "proxmox-authentik-sso.mark": "of-somebody-else" };
    const { Spec } = await moreWorkers().inspect();
    await change(moreWorkers(), (spec) => ({ ...spec, Labels: { ...spec.Labels, ...Labels } }));
    assert.match(
      await lab.stack.failingUp("--refresh"),
      /Docker objects of others .*the service "\S+-more-workers"\. They stay unchanged/,
    );
    await change(moreWorkers(), () => Spec);
    await lab.stack.up("--refresh");
  });

  it("lets people log in while a worker node is cut off, and the doctor says which", async () => {
    const lost = await nodeWithServer();
    await logins.mostDuring(
      "a worker node cut off",
      async () => {
        await lab.nodes.setConnected(lost, false);
        await sleep(heartbeatMs);
      },
      1,
    );
    const findings = await diagnose(await doctorContextOf((args) => lab.stack.capture(args)));
    assert.match(
      asText(findings, false),
      new RegExp(`The node \\S+ \\(${lost.address}\\) of the swarm is down`),
    );
    await lab.nodes.setConnected(lost, true);
    await logins.allDuring("the node is back", () => lab.stack.up("--refresh"));
  });

  it("is gone from all nodes after destroy", async () => {
    await lab.stack.destroy();
    assert.deepEqual(await lab.left(), nothing);
  });

  async function change(
    service: ReturnType<typeof moreWorkers>,
    to: (spec: Awaited<ReturnType<typeof service.inspect>>["Spec"]) => object,
  ): Promise<void> {
    const { Version, Spec } = await service.inspect();
    await service.update({ ...to(Spec), version: Version.Index });
  }

  /** The order of the variables is random. */
  async function specOf(service: ReturnType<typeof moreWorkers>) {
    const { Spec } = await service.inspect();
    Spec.TaskTemplate.ContainerSpec.Env.sort();
    return Spec;
  }

  /** A worker node of the swarm that runs a server. */
  async function nodeWithServer() {
    const { docker } = lab.nodes.manager;
    const filters = { service: [`${prefix}-server`], "desired-state": ["running"] };
    const tasks = await docker.listTasks({ filters });
    const ids = new Set(tasks.map(({ NodeID }) => NodeID));
    const nodes = await docker.listNodes();
    const addresses = nodes.filter(({ ID }) => ids.has(ID)).map(({ Status }) => Status?.Addr);
    const found = lab.nodes.all.slice(1).find(({ address }) => addresses.includes(address));
    assert.ok(found, "no worker node runs a server");
    return found;
  }
});
