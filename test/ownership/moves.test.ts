import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { resourceTypes } from "../../providers/registry";
import { inFullRun, runsAll, sample } from "../tools/sample";
import { makeProvider } from "./by-hand";
import { type Key, keyOf } from "./keys";
import type { StackModel } from "./model";
import type { ClusterDeclaration, Declaration } from "./program";
import { nothingTried, Sequence } from "./sequence";
import { type Thing, World } from "./world";

/** They have nothing on authentik or Proxmox. Both look only at Docker's own objects. */
const onDocker = ["docker:DataVersions", "docker:Leftovers", "docker:Rollout"];

const twoGroups: ClusterDeclaration = {
  called: "one",
  adopt: false,
  groups: {
    ops: { as: "ops", path: "/vms", role: "own" },
    devs: { as: "devs", path: "/", role: "PVEAuditor" },
  },
};

/** By name and by group, on each product without groups. */
const onOtherProducts: Declaration["clusters"] = {
  backup: { ...twoGroups, called: "backup-1", product: "backup" },
  archive: { ...twoGroups, called: "backup-2", product: "backup", members: ["ada", "eve"] },
  manager: { ...twoGroups, called: "manager-1", product: "datacenter-manager" },
  overview: { ...twoGroups, called: "manager-2", product: "datacenter-manager", members: ["ada"] },
};

const everything: Declaration = {
  authentik: "lab",
  clusters: {
    sso: twoGroups,
    old: { ...twoGroups, called: "two", members: ["ada", "eve"] },
    ...onOtherProducts,
  },
  users: ["user-of-first"],
  brands: ["first.example"],
  hasWebCertificate: true,
};

const withoutWeb: Declaration = { ...everything, hasWebCertificate: false };

/** The server's id of an object. Another object has another id. */
const identities = (things: readonly Thing[]) =>
  Object.fromEntries(
    things.map((thing) => [keyOf(thing), thing.object.pk ?? thing.object["client-id"] ?? ""]),
  );

describe("when resources move or are replaced,", () => {
  let world: World;
  let sequence: Sequence;
  let stack: StackModel;

  before(async () => {
    world = await World.start();
  });
  after(() => world.stop());

  const up = (more: { replace?: number; killAt?: number } = {}) =>
    sequence.take({ do: "up", stack: "first", refreshed: false, ...more });
  const declared = (clusters: Declaration["clusters"]) => {
    stack.declared = { ...stack.declared, clusters };
  };

  async function begin(declaration?: Declaration): Promise<Record<Key, unknown>> {
    sequence = await Sequence.start(world, nothingTried());
    stack = sequence.model.stacks.first;
    if (declaration) stack.declared = declaration;
    await up();
    assert.ok(stack.isCertain, "the first up comes through");
    return identities(await world.things());
  }

  it("the test includes every resource type", async () => {
    await begin(everything);
    const tried = [...sequence.tried.types].filter((type) => !type.startsWith("pulumi:"));
    assert.deepEqual([...new Set([...tried, ...onDocker])].sort(), [...resourceTypes].sort());
  });

  it("each object exists after the replacement of its resource", async () => {
    await begin({ ...withoutWeb, clusters: { sso: twoGroups } });
    const { state } = stack.engine;
    const firstOfType = (one: (typeof state)[number]) => state.find(({ type }) => type === one.type) === one;
    const chosen = sample(state, firstOfType).map(({ name }) => name);
    for (const [index, { name, type }] of stack.engine.state.entries()) {
      if (type.startsWith("pulumi:") || !chosen.includes(name)) continue;
      await up({ replace: index });
      assert.ok(stack.isCertain, name);
    }
  });

  for (const adopt of [false, true]) {
    it(`the object stays the same if a key of \`clusters\` or a component is renamed, \`adopt\`: ${adopt}`, async () => {
      const before = await begin({ ...withoutWeb, clusters: { berlin: { ...twoGroups, adopt } } });
      declared({ bln: { ...twoGroups, adopt } });
      await up();
      assert.deepEqual(identities(await world.things()), before);
      // Nothing remains: a role has no mark by which the renamed resource could recognize it.
      await sequence.take({ do: "destroy", stack: "first" });
    });
  }

  it("the object stays the same if a run that renames is killed after any of its changes", async () => {
    const before = await begin({ ...withoutWeb, users: [], brands: [], clusters: { berlin: twoGroups } });
    for (let killAt = 1; ; killAt += runsAll ? 3 : 9) {
      declared(killAt % 2 === 1 ? { bln: twoGroups } : { berlin: twoGroups });
      await up({ killAt });
      if (stack.isCertain) break;
      await up();
      assert.ok(stack.isCertain, `after a kill at change ${killAt}`);
      assert.deepEqual(identities(await world.things()), before, `after a kill at change ${killAt}`);
    }
  });

  it("nothing is lost if two clusters swap their names, which one run cannot do", async () => {
    const two = { ...twoGroups, called: "two" };
    await begin({ ...withoutWeb, clusters: { a: twoGroups, b: two } });
    declared({ a: two, b: twoGroups });
    await up();
    declared({ a: twoGroups, b: two });
    await up();
    assert.ok(stack.isCertain);
  });

  for (const runs of [1, 2]) {
    it(`a new cluster gets objects of its own if it has the former name of another one, in ${runs} runs`, async () => {
      const before = await begin({ ...withoutWeb, users: [], brands: [], clusters: { sso: twoGroups } });
      const renamed = { ...twoGroups, called: "two" };
      declared({ sso: renamed });
      if (runs === 2) await up();
      // The new one is the first to ask for the name.
      declared({ berlin: twoGroups, sso: renamed });
      await up();
      // In one run, the former owner may still have the name.
      if (!stack.isCertain) await up();
      assert.ok(stack.isCertain);
      const now = identities(await world.things());
      assert.equal(now["lab provider Proxmox two"], before["lab provider Proxmox one"]);
      assert.notEqual(now["lab provider Proxmox one"], before["lab provider Proxmox one"]);
      declared({ bonn: twoGroups, sso: renamed });
      await up();
      assert.deepEqual(identities(await world.things()), now);
    });
  }

  it("a group whose name changes in authentik keeps its group on Proxmox and its permissions", async () => {
    await begin({ ...everything, clusters: { sso: twoGroups } });
    const { ops, devs } = twoGroups.groups;
    assert.ok(ops && devs);
    declared({ sso: { ...twoGroups, groups: { staff: ops, devs } } });
    await up();
    const things = (await world.things()).map(keyOf);
    for (const key of [
      "proxmox pveGroup ops-one",
      "proxmox acl /vms ops-one Own-one",
      "lab binding one for staff",
    ])
      assert.ok(things.includes(key), key);
  });

  it("objects of others with the same integer ids stay, on another server and on one that was set up again", async () => {
    await begin();
    const { object } = await theirs("company");
    const ours = (await world.things()).find((thing) => keyOf(thing) === "lab provider Proxmox one");
    assert.equal(object.pk, ours?.object.pk, "the test needs the same id");
    await sequence.take({ do: "use the other authentik", stack: "first" });
    await up();
    assert.ok(stack.isCertain);
    await sequence.take({ do: "use the other authentik", stack: "first" });
    await sequence.take({ do: "set up a server anew", server: "lab", strangers: 2 });
    await sequence.take({ do: "up", stack: "first", refreshed: true });
    assert.ok(stack.isCertain);
    await sequence.take({ do: "set up a server anew", server: "lab", strangers: 2 });
    await sequence.take({ do: "destroy", stack: "first" });
    assert.ok(stack.isCertain);
  });

  it("the objects are created on another Proxmox if the address changes, and found again at the previous one", async () => {
    await begin();
    for (let change = 1; change <= 2; change++) {
      await sequence.take({ do: "use the other Proxmox", stack: "first" });
      await up();
      assert.ok(stack.isCertain);
    }
    await sequence.take({ do: "destroy", stack: "first" });
    assert.ok(stack.isCertain);
  });

  inFullRun(() =>
    it("members of followed groups have their roles on Backup Server and Datacenter Manager, and objects of others stay", async () => {
      const { backup } = onOtherProducts;
      assert.ok(backup);
      const manager = { ...backup, called: "manager-1", product: "datacenter-manager" as const };
      await begin({ ...withoutWeb, users: [], brands: [], clusters: { backup, manager } });
      const come = (step: Parameters<Sequence["take"]>[0]) => sequence.take(step);
      const comesUp = async () => {
        await come({ do: "up", stack: "first", refreshed: true });
        assert.ok(stack.isCertain);
      };
      // Two members of `ops`, one of whom has logged in before, and a user of somebody else.
      for (const which of [0, 0]) await come({ do: "put somebody into a group", which });
      await come({ do: "somebody logs in", which: 0, asMember: true });
      await come({
        do: "make somebody else's",
        stack: "first",
        server: "lab",
        kind: "otherPermission",
        called: 0,
      });
      await comesUp();
      declared({ backup: { ...backup, adopt: true }, headquarters: manager });
      await up();
      assert.ok(stack.isCertain);
      await come({ do: "somebody leaves a group", which: 0, isDisabled: true });
      await comesUp();
      await come({ do: "somebody leaves a group", which: 1, isDisabled: false });
      for (const server of ["backup", "manager"] as const)
        await come({ do: "set up a server anew", server, strangers: 0 });
      await comesUp();
      await come({ do: "use the other Backup Server and Datacenter Manager", stack: "first" });
      await comesUp();
      declared({
        backup: { ...backup, members: ["ada"] },
        headquarters: { ...manager, members: ["ada", "eve"] },
      });
      await comesUp();
      await come({ do: "destroy", stack: "first" });
      assert.ok(stack.isCertain);
    }),
  );

  async function theirs(server: "lab" | "company"): Promise<Thing> {
    await makeProvider(world, server, "Grafana");
    const grafana = (await world.things()).find(
      (thing) => thing.server === server && thing.name === "Grafana",
    );
    assert.ok(grafana);
    sequence.model.foreign.push(grafana);
    return grafana;
  }

  it("an application stays closed if its groups are deleted by hand, or by the destroy of another stack", async () => {
    await begin();
    await sequence.take({ do: "up", stack: "second", refreshed: false });
    assert.ok(sequence.model.stacks.second.isCertain);
    await sequence.take({ do: "destroy", stack: "first" });
    const group = (await world.things()).find((thing) => keyOf(thing) === "lab group ops");
    if (group) await world.remove(group);
    sequence.model.touched();
    // Each step checks who is admitted.
    await sequence.take({ do: "refresh", stack: "second" });
    await sequence.take({ do: "up", stack: "second", refreshed: true });
    assert.ok(sequence.model.stacks.second.isCertain);
    await sequence.take({ do: "destroy", stack: "second" });
  });
});
