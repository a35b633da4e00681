import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import type { DefinedProvider } from "../../../../providers/core/provider";
import { BoxServer, boxProvider, duplicate, outcomeUnknown } from "./fake";

const wanted = { name: "b", size: 2, marker: "mine", adopt: false };

let server: BoxServer;
let provider: DefinedProvider;

beforeEach(async () => {
  server = new BoxServer();
  provider = await boxProvider(server);
});

async function created(inputs = wanted) {
  const { id, outs } = await provider.create(inputs);
  server.calls.length = 0;
  return { id, state: outs };
}

suite("create", () => {
  test("makes the object and returns inputs, outputs and a revision", async () => {
    const { id, outs } = await provider.create(wanted);
    assert.equal(id, "b");
    const { revision, ...rest } = outs;
    assert.deepEqual(rest, { ...wanted, pk: 1 });
    assert.match(revision, /^\d{4}-/);
    assert.deepEqual(server.calls, ["create"]);
  });

  test("goes on with an object that carries our proof, and sends only what differs", async () => {
    server.make({ name: "b", marker: "mine", size: 9 });
    const { outs } = await provider.create(wanted);
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["update size"]);
    assert.equal(server.boxes.get("b")?.size, 2);
  });

  test("sends nothing where the object that carries our proof is right already", async () => {
    server.make({ name: "b", marker: "mine", size: 2 });
    await provider.create(wanted);
    assert.deepEqual(server.calls, []);
  });

  test("leaves an object alone that is not ours, and says the ways out", async () => {
    server.make({ name: "b", marker: "another's", size: 9 });
    await assert.rejects(
      provider.create(wanted),
      /Unable to create the test box "b": A box "b" exists already and was not made by this stack.*Choose another name.*adopt: true/,
    );
    assert.equal(server.boxes.get("b")?.size, 9);
    assert.deepEqual(server.calls, []);
  });

  test("takes an object that is not ours over with `adopt`", async () => {
    server.make({ name: "b", marker: "another's", size: 9 });
    const { outs } = await provider.create({ ...wanted, adopt: true });
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["update marker,size"]);
  });

  test("finds what a call of unknown outcome has made", async () => {
    server.createsBeforeFailing = true;
    server.beforeWrite = outcomeUnknown;
    const { outs } = await provider.create(wanted);
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["create"]);
  });

  test("reports a call of unknown outcome that has made nothing", async () => {
    server.beforeWrite = outcomeUnknown;
    await assert.rejects(provider.create(wanted), /Unable to create the test box "b": the connection broke/);
    assert.equal(server.boxes.size, 0);
    // It may still be on its way, and a second one would not be refused.
    assert.deepEqual(server.calls, ["create"]);
  });

  test("names a field that the server dropped in silence", async () => {
    server.ignoresNotes = true;
    await assert.rejects(
      provider.create({ ...wanted, note: "n" }),
      /did not store `note` as given.*version may lack the option/,
    );
  });

  test("accepts that another object took what only one can have", async () => {
    provider = await boxProvider(server, { oneHolder: ["note"] });
    server.ignoresNotes = true;
    const { outs } = await provider.create({ ...wanted, note: "n" });
    assert.equal(outs.note, "n");
  });
});

suite("create where the server keeps names unique", () => {
  beforeEach(async () => {
    provider = await boxProvider(server, { namesAreUnique: true });
  });

  test("creates again where a call of unknown outcome has made nothing", async () => {
    let failures = 2;
    server.beforeWrite = () => failures-- > 0 && outcomeUnknown();
    const { outs } = await provider.create(wanted);
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["create", "create", "create"]);
  });

  test("reports the third call of unknown outcome that has made nothing", async () => {
    server.beforeWrite = outcomeUnknown;
    await assert.rejects(provider.create(wanted), /the connection broke/);
    assert.deepEqual(server.calls, ["create", "create", "create"]);
  });

  test("does not look before it creates, and goes on with its own where it is refused", async () => {
    server.make({ name: "b", marker: "mine", size: 9 });
    server.beforeWrite = (verb) => verb === "create" && duplicate();
    const { outs } = await provider.create(wanted);
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["create", "update size"]);
  });

  test("leaves an object alone that is not ours", async () => {
    server.make({ name: "b", marker: "another's", size: 9 });
    server.beforeWrite = duplicate;
    await assert.rejects(provider.create(wanted), /exists already and was not made by this stack/);
    assert.deepEqual(server.calls, ["create"]);
  });

  test("reports a refusal for another reason as the server gave it", async () => {
    server.beforeWrite = duplicate;
    await assert.rejects(provider.create(wanted), /a box with this name already exists/);
  });
});

suite("update", () => {
  test("sends only what changed", async () => {
    const { id, state } = await created();
    const { outs } = await provider.update(id, state, { ...wanted, size: 3 });
    assert.deepEqual(server.calls, ["update size"]);
    assert.equal(outs?.size, 3);
  });

  test("creates an object that is gone again", async () => {
    const { id, state } = await created();
    server.boxes.clear();
    const { outs } = await provider.update(id, state, { ...wanted, size: 3 });
    assert.deepEqual(server.calls, ["create"]);
    assert.equal(outs?.pk, 2);
  });

  test("does not take over what stands where a gone object was", async () => {
    const { id, state } = await created();
    server.boxes.clear();
    server.make({ name: "b", marker: "another's" });
    await assert.rejects(provider.update(id, state, { ...wanted, size: 3 }), /was not made by this stack/);
    assert.equal(server.boxes.get("b")?.size, 1);
  });

  test("names a field that the server dropped in silence", async () => {
    const { id, state } = await created();
    server.ignoresNotes = true;
    await assert.rejects(
      provider.update(id, state, { ...wanted, note: "n" }),
      /did not store `note` as given/,
    );
  });

  test("gives a new revision", async (context) => {
    const { id, state } = await created();
    context.mock.timers.enable({ apis: ["Date"], now: Date.now() + 1000 });
    const { outs } = await provider.update(id, state, { ...wanted, size: 3 });
    assert.notEqual(outs?.revision, state.revision);
  });
});

suite("delete", () => {
  test("removes the object", async () => {
    const { id, state } = await created();
    await provider.delete(id, state);
    assert.equal(server.boxes.size, 0);
  });

  test("takes a gone object as removed", async () => {
    const { id, state } = await created();
    server.boxes.clear();
    await provider.delete(id, state);
  });

  test("reports what the server said", async () => {
    const { id, state } = await created();
    server.beforeWrite = outcomeUnknown;
    await assert.rejects(
      provider.delete(id, state),
      /Unable to delete the test box "b": the connection broke/,
    );
  });
});
