import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { z } from "zod";
import "../../../../library";
import { sizesInWords } from "../../../../providers/core/sizes";

suite("messages about sizes", () => {
  const schema = z.object({
    name: z.string().min(1),
    port: z.number().max(65535),
    own: z.string().min(9, "own"),
  });
  const given = { name: "", port: 99999, own: "" };
  const messages = (context?: typeof sizesInWords) =>
    schema.safeParse(given, context).error?.issues.map(({ message }) => message);

  test("are sentences, unless the schema has its own", () => {
    assert.deepEqual(messages(sizesInWords), ["must not be empty", "must be at most 65535", "own"]);
  });

  test("stay those of zod in a program that uses this package", () => {
    assert.match(messages()?.[0] ?? "", /^Too small/);
  });
});
