import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import fc from "fast-check";
import { Claims } from "../../../../providers/core/claims";
import { agreeInMost, agreeInOne, keyOn } from "../../../../providers/core/ownership";
import type { DefinedProvider } from "../../../../providers/core/provider";
import { seeded } from "../../../tools/seeded";
import { BoxServer, boxProvider } from "./fake";

const wanted = { name: "b", size: 2, marker: "mine", adopt: false };

let server: BoxServer;
let provider: DefinedProvider;

/** Another command: a separate process, which knows only what its engine passes. */
async function nextRun(): Promise<DefinedProvider> {
  server.calls.length = 0;
  return boxProvider(server);
}

beforeEach(async () => {
  server = new BoxServer();
  provider = await boxProvider(server);
});

async function created(name = "b") {
  const { id, outs } = await provider.create({ ...wanted, name });
  return { id, state: outs };
}

suite("another object with the name or id of ours", () => {
  beforeEach((context) => {
    if ("mock" in context) context.mock.method(console, "log", () => {});
  });

  async function replacedByAnother() {
    const made = await created();
    server.boxes.clear();
    server.make({ name: "b", marker: "another's", size: 9 });
    provider = await nextRun();
    return made;
  }

  test("means at a refresh that ours is gone", async () => {
    const { id, state } = await replacedByAnother();
    assert.deepEqual(await provider.read(id, state), { id: "" });
  });

  test("is not changed by an update", async () => {
    const { id, state } = await replacedByAnother();
    await assert.rejects(provider.update(id, state, { ...wanted, size: 3 }), /was not made by this stack/);
    assert.deepEqual(server.calls, []);
  });

  test("is not deleted", async () => {
    const { id, state } = await replacedByAnother();
    await provider.delete(id, state);
    assert.deepEqual(server.calls, []);
  });
});

suite("an object that another resource name takes over", () => {
  test("stays when the old name is deleted, in the run that renamed it", async () => {
    const { id, state } = await created();
    const run = await nextRun();
    await run.check({}, wanted);
    await run.create(wanted);
    await run.delete(id, state);
    assert.ok(server.boxes.has("b"));
  });

  test("stays in a run that continues after a kill between the two", async () => {
    const { id, state } = await created();
    provider = await nextRun();
    const { id: newId, outs: newState } = await provider.create(wanted);
    provider = await nextRun();
    const { inputs } = await provider.check({}, wanted);
    await provider.diff(newId, { ...newState, revision: "of the new name" }, inputs);
    await provider.delete(id, state);
    assert.ok(server.boxes.has("b"));
  });

  test("is deleted when the resource itself is replaced", async () => {
    const { id, state } = await created();
    const run = await nextRun();
    const { inputs } = await run.check(wanted, wanted);
    await run.diff(id, state, inputs);
    await run.delete(id, state);
    assert.ok(!server.boxes.has("b"));
  });

  test("is deleted when the engine replaces the resource without a diff", async () => {
    const { id, state } = await created();
    const run = await nextRun();
    await run.check({}, wanted);
    await run.delete(id, state);
    assert.ok(!server.boxes.has("b"));
  });

  test("is deleted in a destroy, under both names", async () => {
    const { id, state } = await created();
    await (await nextRun()).create(wanted);
    await (await nextRun()).delete(id, state);
    assert.ok(!server.boxes.has("b"));
  });
});

suite("an object that another resource of the program keeps", () => {
  for (const adopt of [false, true]) {
    test(`is not taken over by a new resource, \`adopt\`: ${adopt}`, async () => {
      const { id, state } = await created();
      const run = await nextRun();
      const { inputs } = await run.check({}, wanted);
      await run.diff(id, state, inputs);
      await assert.rejects(
        run.create({ ...wanted, size: 3, adopt }),
        /belongs to another resource of this stack\. If you have just renamed that resource, run pulumi up again\./,
      );
      assert.deepEqual(server.boxes.get("b")?.size, 2);
    });
  }

  test("is created again by its own replacement, even if the delete has left it", async () => {
    const { id, state } = await created();
    const run = await nextRun();
    const { inputs } = await run.check({}, wanted);
    await run.diff(id, state, inputs);
    await run.delete(id, state);
    server.make({ name: "b", marker: "mine", size: 2 });
    await run.create(wanted);
    assert.ok(server.boxes.has("b"));
  });
});

test("an object that somebody else has taken over stays", async (context) => {
  const log = context.mock.method(console, "log", () => {});
  const { id, state } = await created();
  const ownership = { keys: () => [], matches: () => true, mayDelete: () => false };
  await (await boxProvider(server, { ownership })).delete(id, state);
  assert.ok(server.boxes.has("b"));
  assert.match(String(log.mock.calls[0]?.arguments[0]), /somebody else has taken it over/);
});

test("a resource that acts only in a destroy does nothing while the program declares it", async () => {
  const { id, state } = await created();
  const traits = { staysWhileDeclared: true };
  const claims = new Claims();
  const run = await boxProvider(server, traits, claims);
  await run.check({}, wanted);
  await run.delete(id, state);
  assert.ok(server.boxes.has("b"));
  await (await boxProvider(server, traits)).delete(id, state);
  assert.ok(!server.boxes.has("b"));
});

suite("inputs that are compared differently", () => {
  test("are no change by themselves", async () => {
    const { id, state } = await created();
    const run = await boxProvider(server, { notCompared: ["marker"] });
    const { changes } = await run.diff(id, state, { ...wanted, marker: "other" });
    assert.equal(changes, false);
  });

  test("are compared when the state contains them", async () => {
    const { id, state } = await created();
    const run = await boxProvider(server, { comparedOnceRecorded: ["note"] });
    assert.equal((await run.diff(id, state, { ...wanted, note: "n" })).changes, false);
    assert.equal((await run.diff(id, { ...state, note: "n" }, { ...wanted, note: "m" })).changes, true);
  });

  test("are written again only after the values that they follow", async () => {
    const { id, state } = await created();
    const run = await boxProvider(server, { rewrittenAfter: ["note"] });
    const changes = async (revision: string) =>
      (await run.diff(id, { ...state, revision: "2026-06-01T00:00:00.000Z" }, { ...wanted, note: revision }))
        .changes;
    assert.equal(await changes("2026-05-31T23:59:59.999Z"), false);
    assert.equal(await changes("2026-06-01T00:00:00.001Z"), true);
  });
});

test("two sets of values match if one value, or at least half of the known ones, is equal", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.boolean()), { minLength: 1 }), (values) => {
      const pairs = values.map(([known, same]) => [same ? known : `${known}!`, known] as const);
      const same = values.filter(([, isSame]) => isSame).length;
      assert.equal(agreeInOne(...pairs), same > 0);
      assert.equal(agreeInMost(...pairs), 2 * same >= values.length);
    }),
    seeded(),
  );
  assert.equal(agreeInMost([undefined, "x"], ["y", "y"]), true);
  assert.equal(agreeInMost([undefined, "x"], [undefined, "y"]), false);
});

test("one server has one key, independent of the spelling of its address", () => {
  assert.equal(
    keyOn({ url: "https://PVE.example.com:8006/" }, "a"),
    keyOn({ url: "https://pve.example.com:8006" }, "a"),
  );
  assert.notEqual(
    keyOn({ url: "https://pve2.example.com:8006" }, "a"),
    keyOn({ url: "https://pve.example.com:8006" }, "a"),
  );
});
