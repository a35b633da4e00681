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
  test("creates the object and returns inputs, outputs and a revision", async () => {
    const { id, outs } = await provider.create(wanted);
    assert.equal(id, "b");
    const { revision, ...rest } = outs;
    assert.deepEqual(rest, { ...wanted, pk: 1 });
    assert.match(revision, /^\d{4}-/);
    assert.deepEqual(server.calls, ["create"]);
  });

  test("continues with an object that has our mark, and sends only the differences", async () => {
    server.make({ name: "b", marker: "mine", size: 9 });
    const { outs } = await provider.create(wanted);
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["update size"]);
    assert.equal(server.boxes.get("b")?.size, 2);
  });

  test("sends nothing if the object with our mark is already correct", async () => {
    server.make({ name: "b", marker: "mine", size: 2 });
    await provider.create(wanted);
    assert.deepEqual(server.calls, []);
  });

  test("leaves an object that is not ours unchanged, and names the options", async () => {
    server.make({ name: "b", marker: "another's", size: 9 });
    await assert.rejects(
      provider.create(wanted),
      /Unable to create the test box "b": A box "b" exists already and was not made by this stack.*Choose another name.*adopt: true/,
    );
    assert.equal(server.boxes.get("b")?.size, 9);
    assert.deepEqual(server.calls, []);
  });

  test("takes over an object that is not ours with `adopt`", async () => {
    server.make({ name: "b", marker: "another's", size: 9 });
    const { outs } = await provider.create({ ...wanted, adopt: true });
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["update marker,size"]);
  });

  test("finds the object that a call with an unknown outcome has created", async () => {
    server.createsBeforeFailing = true;
    server.beforeWrite = outcomeUnknown;
    const { outs } = await provider.create(wanted);
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["create"]);
  });

  test("reports a call with an unknown outcome that has created nothing", async () => {
    server.beforeWrite = outcomeUnknown;
    await assert.rejects(provider.create(wanted), /Unable to create the test box "b": the connection broke/);
    assert.equal(server.boxes.size, 0);
    // The write may still be in progress, and the server would accept a second one.
    assert.deepEqual(server.calls, ["create"]);
  });

  test("names a field that the server dropped silently", async () => {
    server.ignoresNotes = true;
    await assert.rejects(
      provider.create({ ...wanted, note: "n" }),
      /did not store `note` as given.*version may lack the option/,
    );
  });

  test("accepts that another object has the value that only one can have", async () => {
    provider = await boxProvider(server, { oneHolder: ["note"] });
    server.ignoresNotes = true;
    const { outs } = await provider.create({ ...wanted, note: "n" });
    assert.equal(outs.note, "n");
  });
});

suite("create on a server that keeps names unique", () => {
  beforeEach(async () => {
    provider = await boxProvider(server, { namesAreUnique: true });
  });

  test("creates again if a call with an unknown outcome has created nothing", async () => {
    let failures = 2;
    server.beforeWrite = () => failures-- > 0 && outcomeUnknown();
    const { outs } = await provider.create(wanted);
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["create", "create", "create"]);
  });

  test("reports the third call with an unknown outcome that has created nothing", async () => {
    server.beforeWrite = outcomeUnknown;
    await assert.rejects(provider.create(wanted), /the connection broke/);
    assert.deepEqual(server.calls, ["create", "create", "create"]);
  });

  test("does not read before it creates, and continues with its own object if the server refuses", async () => {
    server.make({ name: "b", marker: "mine", size: 9 });
    server.beforeWrite = (verb) => verb === "create" && duplicate();
    const { outs } = await provider.create(wanted);
    assert.equal(outs.pk, 1);
    assert.deepEqual(server.calls, ["create", "update size"]);
  });

  test("leaves an object that is not ours unchanged", async () => {
    server.make({ name: "b", marker: "another's", size: 9 });
    server.beforeWrite = duplicate;
    await assert.rejects(provider.create(wanted), /exists already and was not made by this stack/);
    assert.deepEqual(server.calls, ["create"]);
  });

  test("reports a refusal for another reason with the server's message", async () => {
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

  test("creates an object that is gone", async () => {
    const { id, state } = await created();
    server.boxes.clear();
    const { outs } = await provider.update(id, state, { ...wanted, size: 3 });
    assert.deepEqual(server.calls, ["create"]);
    assert.equal(outs?.pk, 2);
  });

  test("does not take over an object that has replaced a missing one", async () => {
    const { id, state } = await created();
    server.boxes.clear();
    server.make({ name: "b", marker: "another's" });
    await assert.rejects(provider.update(id, state, { ...wanted, size: 3 }), /was not made by this stack/);
    assert.equal(server.boxes.get("b")?.size, 1);
  });

  test("names a field that the server dropped silently", async () => {
    const { id, state } = await created();
    server.ignoresNotes = true;
    await assert.rejects(
      provider.update(id, state, { ...wanted, note: "n" }),
      /did not store `note` as given/,
    );
  });

  test("returns a new revision", async (context) => {
    const { id, state } = await created();
    context.mock.timers.enable({ apis: ["Date"], now: Date.now() + 1000 });
    const { outs } = await provider.update(id, state, { ...wanted, size: 3 });
    assert.notEqual(outs?.revision, state.revision);
  });
});

suite("delete", () => {
  test("deletes the object", async () => {
    const { id, state } = await created();
    await provider.delete(id, state);
    assert.equal(server.boxes.size, 0);
  });

  test("treats a missing object as deleted", async () => {
    const { id, state } = await created();
    server.boxes.clear();
    await provider.delete(id, state);
  });

  test("reports the server's message", async () => {
    const { id, state } = await created();
    server.beforeWrite = outcomeUnknown;
    await assert.rejects(
      provider.delete(id, state),
      /Unable to delete the test box "b": the connection broke/,
    );
  });
});
