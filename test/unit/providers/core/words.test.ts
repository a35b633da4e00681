import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { z } from "zod";
import "../../../../library";
import { inWords } from "../../../../providers/core/words";

suite("messages about inputs", () => {
  const schema = z.object({
    name: z.string().min(1),
    port: z.number().max(65535),
    own: z.string().min(9, "own"),
  });
  const given = { name: "", port: 99999, own: "" };
  const messagesOf = (form: z.ZodType, value: unknown, context?: typeof inWords) =>
    form.safeParse(value, context).error?.issues.map(({ message }) => message);
  const messages = (context?: typeof inWords) => messagesOf(schema, given, context);

  test("are sentences, unless the schema has its own", () => {
    assert.deepEqual(messages(inWords), ["must not be empty", "must be at most 65535", "own"]);
  });

  const others: [z.ZodType, unknown, string][] = [
    [z.string(), 42, "must be text"],
    [z.boolean(), "yes", "must be true or false"],
    [z.array(z.string()), {}, "must be a list"],
    [z.int(), undefined, "is missing: it must be a number"],
    [z.int(), 1.5, "must be a whole number"],
    [z.enum(["any", "all"]), "both", "must be one of: any, all"],
    [z.uuid(), "a", "must be a UUID"],
    [z.strictObject({}), { a: 1, b: 2 }, "has no option a, b: check the name"],
  ];
  for (const [form, value, expected] of others) {
    test(`are sentences: ${expected}`, () => assert.deepEqual(messagesOf(form, value, inWords), [expected]));
  }

  test("stay those of zod in a program that uses this package", () => {
    assert.match(messages()?.[0] ?? "", /^Too small/);
  });
});
