import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UserError } from "../../../../providers/core/errors";
import type { DefinedProvider } from "../../../../providers/core/provider";
import { BoxServer, boxProvider, boxToken } from "./fake";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const wanted = { name: "b", size: 2, marker: "mine", adopt: false };

let server: BoxServer;
let provider: DefinedProvider;

beforeEach(async () => {
  server = new BoxServer();
  provider = await boxProvider(server);
});

suite("diff", () => {
  async function diff(changes: object, state: object = wanted) {
    return provider.diff("b", { ...state }, { ...wanted, ...changes });
  }

  test("sees no change in equal inputs, whatever outputs the state has", async () => {
    assert.deepEqual(await diff({}, { ...wanted, pk: 1, revision: "r", __provider: "p" }), {
      changes: false,
      replaces: [],
      deleteBeforeReplace: true,
    });
  });

  test("sees a changed, an added and a removed input", async () => {
    assert.equal((await diff({ size: 3 })).changes, true);
    assert.equal((await diff({ note: "n" })).changes, true);
    assert.equal((await diff({}, { ...wanted, note: "n" })).changes, true);
  });

  test("uses the default for an input that an older version did not record", async () => {
    const { size: _, ...older } = wanted;
    assert.equal((await diff({ size: 1 }, older)).changes, false);
    assert.equal((await diff({ size: 2 }, older)).changes, true);
  });

  test("compares nested values by content", async () => {
    const labels = { a: "1", b: "2" };
    assert.equal((await diff({ labels }, { ...wanted, labels: { b: "2", a: "1" } })).changes, false);
    assert.equal((await diff({ labels }, { ...wanted, labels: { a: "1", b: "3" } })).changes, true);
  });

  test("replaces for inputs that cannot be changed, and deletes the old object first", async () => {
    const result = await diff({ name: "c" });
    assert.deepEqual(result.replaces, ["name"]);
    assert.equal(result.deleteBeforeReplace, true);
  });

  test("treats an unknown value as changed, nested ones too", async () => {
    assert.deepEqual((await diff({ name: unknown })).replaces, ["name"]);
    assert.equal(
      (await diff({ labels: { a: unknown } }, { ...wanted, labels: { a: unknown } })).changes,
      true,
    );
  });

  test("ignores `adopt`, which matters only at creation", async () => {
    assert.equal((await diff({ adopt: true })).changes, false);
  });
});

suite("read", () => {
  test("returns an empty id for a missing object", async () => {
    assert.deepEqual(await provider.read("b", wanted), { id: "" });
  });

  test("shows no drift, and keeps the revision, if nothing changed", async () => {
    const { id, outs } = await provider.create(wanted);
    const { props, inputs } = await provider.read(id, outs);
    assert.deepEqual(props, outs);
    assert.deepEqual(inputs, wanted);
  });

  test("shows drift in the inputs, so the next diff corrects it", async () => {
    const { id, outs } = await provider.create({ ...wanted, note: "n" });
    Object.assign(server.boxes.get("b") ?? {}, { size: 7, note: undefined });
    const { props, inputs } = await provider.read(id, outs);
    assert.deepEqual(inputs, { ...wanted, size: 7 });
    assert.equal(props?.revision, outs.revision);
    assert.equal((await provider.diff(id, props, { ...wanted, note: "n" })).changes, true);
  });

  test("shows no drift in an input that an older version did not record, while it has its default", async () => {
    const { id, outs } = await provider.create({ ...wanted, size: 1 });
    const { size: _, ...older } = outs;
    assert.equal((await provider.read(id, older)).inputs?.size, undefined);
    Object.assign(server.boxes.get("b") ?? {}, { size: 7 });
    assert.equal((await provider.read(id, older)).inputs?.size, 7);
  });

  test("returns only what the engine's protocol can carry: no undefined values", async () => {
    const { id, outs } = await provider.create(wanted);
    const { props, inputs } = await provider.read(id, outs);
    Struct.fromJavaScript(props);
    Struct.fromJavaScript(inputs ?? {});
  });
});

suite("errors", () => {
  const password = "päss word/123";

  /** The error that the engine receives when the server's call throws. */
  async function messageOf(thrown: Error): Promise<Error> {
    server.beforeWrite = () => {
      throw thrown;
    };
    return provider.create({ ...wanted, password }).then(
      () => assert.fail("it was created"),
      (error: Error) => error,
    );
  }

  test("name the resource and what failed", async () => {
    const error = await messageOf(new UserError("it broke. Mend it."));
    assert.equal(error.message, 'Unable to create the test box "b": it broke. Mend it.');
  });

  test("that a user can fix have no stack trace; all others have one and say that they are a bug", async () => {
    assert.equal((await messageOf(new UserError("it broke"))).stack, "");
    assert.match(
      (await messageOf(new TypeError("x is undefined"))).message,
      /bug in proxmox-authentik-sso.*at /s,
    );
  });

  for (const [what, secret] of [
    ["a secret input", password],
    ["a credential", boxToken],
  ] as const) {
    test(`never show ${what}, plain, URL-encoded, as form data or in base64`, async () => {
      const forms = [
        secret,
        encodeURIComponent(secret),
        new URLSearchParams({ value: secret }).toString().slice("value=".length),
        Buffer.from(secret).toString("base64"),
      ];
      const error = await messageOf(new Error(`said: ${forms.join(" | ")}`));
      for (const form of forms) assert.ok(!`${error.message}${error.stack}`.includes(form), form);
      assert.match(error.message, /said: \[secret\]( \| \[secret\]){3}/);
    });
  }
});
