import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { nothingTried, Sequence } from "./sequence";
import { World } from "./world";

let world: World;
before(async () => {
  world = await World.start();
});
after(() => world.stop());

it("the destroy of a stack leaves what another stack has adopted from it", async () => {
  const sequence = await Sequence.start(world, nothingTried());
  const { first, second } = sequence.model.stacks;
  const own = { as: "ops", path: "/vms", role: "own" } as const;
  const both = { called: "both", adopt: false, groups: { ops: own } };
  first.declared = { ...first.declared, clusters: { sso: both } };
  await sequence.take({ do: "up", stack: "first", refreshed: false });
  assert.ok(first.isCertain);
  second.declared = { ...second.declared, clusters: { sso: both } };
  await sequence.take({ do: "up", stack: "second", refreshed: false });
  assert.ok(!second.isCertain, "without `adopt`, the second one is refused");
  await sequence.take({ do: "adopt or not", stack: "second", key: 0 });
  await sequence.take({ do: "up", stack: "second", refreshed: false });
  assert.ok(second.isCertain);
  // Each step checks that the other stack still has everything.
  await sequence.take({ do: "destroy", stack: "first" });
  await sequence.take({ do: "up", stack: "second", refreshed: true });
  assert.ok(second.isCertain);
  await sequence.take({ do: "destroy", stack: "second" });
});
