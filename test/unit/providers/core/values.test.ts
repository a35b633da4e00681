import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { differences } from "../../../../providers/core/compare";
import { Credentials, credentialKey } from "../../../../providers/core/credentials";
import { UserError } from "../../../../providers/core/errors";
import { redact } from "../../../../providers/core/redact";
import { hasUnknown } from "../../../../providers/core/unknown";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("hasUnknown looks into lists and objects", () => {
  for (const value of [unknown, [unknown], { a: unknown }, { a: [{ b: unknown }] }]) {
    assert.equal(hasUnknown(value), true);
  }
  for (const value of [undefined, null, 1, "", "x", [], {}, { a: null }, [{ b: "x" }]]) {
    assert.equal(hasUnknown(value), false);
  }
});

suite("differences", () => {
  test("are the given keys whose values differ", () => {
    const before = { a: 1, b: [1], c: { x: 1 }, d: 1 };
    const after = { a: 2, b: [2], c: { x: 1 }, d: 2 };
    assert.deepEqual(differences(before, after, ["a", "b", "c"]), new Set(["a", "b"]));
  });

  test("take absent and undefined, also inside of objects, as equal", () => {
    assert.equal(
      differences({ b: { x: 1, y: undefined } }, { a: undefined, b: { x: 1 } }, ["a", "b"]).size,
      0,
    );
  });

  test("keep the order of lists apart", () => {
    assert.equal(differences({ a: [1, 2] }, { a: [2, 1] }, ["a"]).size, 1);
  });
});

suite("redact", () => {
  test("hides the whole of a secret that begins like another one", () => {
    assert.equal(redact("longsecret-and-more", ["longsecret", "longsecret-and-more"]), "[secret]");
  });

  test("leaves short values, which are ordinary words, and what is no text", () => {
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

  test("are today's config values, not those that the state remembers", () => {
    assert.equal(credentials.require("token"), "today's");
  });

  test("are trimmed, and remembered for redaction", () => {
    assert.equal(credentials.require("password"), "s3cret");
    assert.ok([...credentials.used].includes("s3cret"));
  });

  for (const key of ["none", "blank"]) {
    test(`that are missing (${key}) say the command that sets them`, () => {
      assert.throws(
        () => credentials.require(key),
        (error) =>
          error instanceof UserError &&
          error.message.includes(`pulumi config set --secret ${credentialKey(key)}`),
      );
    });
  }
});
