import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Credentials } from "../../../../providers/core/credentials";
import { validateInputs } from "../../../../providers/core/validate";
import { BoxServer, boxDefinition } from "./fake";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const definition = boxDefinition(new BoxServer());
const noCredentials = new Credentials({ get: () => undefined });
const right = { name: "b", marker: "m" };

suite("validateInputs", () => {
  test("fills in defaults, and ignores Pulumi's own key", async () => {
    assert.deepEqual(await validateInputs(definition, { ...right, __provider: "p" }, noCredentials), {
      inputs: { ...right, size: 1, adopt: false },
      failures: [],
    });
  });

  test("reports every mistake at once, each with its property", async () => {
    const { failures } = await validateInputs(
      definition,
      {
        name: "",
        size: 1.5,
        labels: { a: 1 },
        marker: "m",
        sise: 2,
      },
      noCredentials,
    );
    assert.deepEqual(failures?.map(({ property }) => property).sort(), [
      "inputs",
      "labels.a",
      "name",
      "size",
    ]);
    assert.match(failures?.find(({ property }) => property === "inputs")?.reason ?? "", /sise/);
    assert.equal(failures?.find(({ property }) => property === "name")?.reason, "must not be empty");
  });

  test("applies the rules about several fields", async () => {
    const { failures } = await validateInputs(definition, { ...right, note: "b" }, noCredentials);
    assert.deepEqual(failures, [{ property: "note", reason: "must differ from the name" }]);
  });

  for (const [where, inputs] of [
    ["at the top", { ...right, name: unknown }],
    ["nested", { ...right, labels: { a: unknown } }],
    ["in a typed place", { ...right, size: unknown }],
  ] as const) {
    test(`accepts a value that is unknown at preview, ${where}`, async () => {
      assert.deepEqual(await validateInputs(definition, inputs, noCredentials), {
        inputs: { size: 1, adopt: false, ...inputs },
        failures: [],
      });
    });
  }

  test("null leaves an option out, as an output without a value does", async () => {
    const labels = { a: null };
    assert.deepEqual(
      await validateInputs(definition, { ...right, size: null, note: null, labels }, noCredentials),
      { inputs: { ...right, size: 1, adopt: false, labels: {} }, failures: [] },
    );
    const { failures } = await validateInputs(definition, { ...right, name: null }, noCredentials);
    assert.deepEqual(failures, [{ property: "name", reason: "is missing: it must be text" }]);
  });

  test("still checks the other inputs at preview", async () => {
    const { failures } = await validateInputs(
      definition,
      { name: unknown, marker: "m", size: 1.5 },
      noCredentials,
    );
    assert.deepEqual(failures, [{ property: "size", reason: "must be a whole number" }]);
  });

  test("applies rules about several fields only when all are known", async () => {
    const { failures } = await validateInputs(
      definition,
      { name: "b", note: "b", marker: unknown },
      noCredentials,
    );
    assert.deepEqual(failures, []);
  });

  test("reports an unknown key, even if its value is not known yet", async () => {
    const { failures } = await validateInputs(definition, { ...right, sise: unknown }, noCredentials);
    assert.match(failures?.[0]?.reason ?? "", /sise/);
  });
});
