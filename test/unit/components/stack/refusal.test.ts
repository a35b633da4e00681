import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { orRefusal, Refusal } from "../../../../components/stack/refusal";
import { UserError } from "../../../../providers/core/errors";

const asInput = (error: Error) => pulumi.runtime.serializeProperties("x", { name: Promise.reject(error) });

suite("a refusal in an output", () => {
  test("is printed unchanged, although Pulumi changes every other error", async () => {
    await assert.rejects(asInput(new pulumi.RunError("No.")), { message: /"name": No\.$/ });
    await assert.rejects(asInput(new Refusal("No.")), { message: "No." });
    assert.ok(pulumi.RunError.isInstance(new Refusal("No.")), "Pulumi prints no stack");
  });

  test("carries the message of a failed call, and no other error", async () => {
    await assert.rejects(orRefusal(Promise.reject(new UserError("Docker is down."))), (error) => {
      return error instanceof Refusal && error.message === "Docker is down.";
    });
    await assert.rejects(orRefusal(Promise.reject(new TypeError("x"))), TypeError);
    assert.equal(await orRefusal(Promise.resolve(1)), 1);
  });
});
