import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { differences } from "../../../../providers/core/compare";
import { Credentials, credentialKey } from "../../../../providers/core/credentials";
import { UserError } from "../../../../providers/core/errors";
import { redact } from "../../../../providers/core/redact";
import { hasUnknown } from "../../../../providers/core/unknown";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("hasUnknown searches lists and objects", () => {
  for (const value of [unknown, [unknown], { a: unknown }, { a: [{ b: unknown }] }]) {
    assert.equal(hasUnknown(value), true);
  }
  for (const value of [undefined, null, 1, "", "x", [], {}, { a: null }, [{ b: "x" }]]) {
    assert.equal(hasUnknown(value), false);
  }
});

suite("differences", () => {
  test("are the given keys with different values", () => {
    const before = { a: 1, b: [1], c: { x: 1 }, d: 1 };
    const after = { a: 2, b: [2], c: { x: 1 }, d: 2 };
    assert.deepEqual(differences(before, after, ["a", "b", "c"]), new Set(["a", "b"]));
  });

  test("treat absent and undefined as equal, also inside objects", () => {
    assert.equal(
      differences({ b: { x: 1, y: undefined } }, { a: undefined, b: { x: 1 } }, ["a", "b"]).size,
      0,
    );
  });

  test("respect the order of lists", () => {
    assert.equal(differences({ a: [1, 2] }, { a: [2, 1] }, ["a"]).size, 1);
  });
});

suite("redact", () => {
  test("hides a complete secret that starts like another one", () => {
    assert.equal(redact("longsecret-and-more", ["longsecret", "longsecret-and-more"]), "[secret]");
  });

  test("keeps short values, which are ordinary words, and values that are not text", () => {
    assert.equal(redact("admin said 12345678", ["admin", undefined, 12_345_678]), "admin said 12345678");
  });
});

suite("credentials", () => {
  const atLastUp = new Map([
    [credentialKey("token"), "yesterday's"],
    [credentialKey("password"), " s3cret\n"],
    [credentialKey("blank"), "  "],
  ]);
  const credentials = new Credentials({ get: (key) => atLastUp.get(key) }, { token: "today's" });

  test("come from the current config, not from the state", () => {
    assert.equal(credentials.require("token"), "today's");
  });

  test("are trimmed, and registered for redaction", () => {
    assert.equal(credentials.require("password"), "s3cret");
    assert.ok([...credentials.used].includes("s3cret"));
  });

  for (const key of ["none", "blank"]) {
    test(`that are missing (${key}) name the command that sets them`, () => {
      assert.throws(
        () => credentials.require(key),
        (error) =>
          error instanceof UserError &&
          error.message.includes(`pulumi config set --secret ${credentialKey(key)}`),
      );
    });
  }
});
