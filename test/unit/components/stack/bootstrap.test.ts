import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AuthentikStack } from "../../../../components/authentikStack";

/** The inputs of the worker's container. */
async function workerWith(bootstrap: { bootstrapPassword?: string; bootstrapToken?: string }) {
  let worker: Record<string, unknown> = {};
  const newResource = ({ type, name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
    if (type.endsWith(":Container") && name === "worker") worker = inputs;
    return { id: id ?? `${name}-id`, state: inputs };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", true);
  const secrets = { secretKey: "key", databasePassword: "password", ...bootstrap };
  new AuthentikStack("authentik", { url: "https://auth.example.com", secrets });
  await pulumi.runtime.disconnect();
  return JSON.stringify(worker);
}

suite("authentik's worker", () => {
  test("has the bootstrap values for the first start", async () => {
    const worker = await workerWith({ bootstrapPassword: "a-password", bootstrapToken: "a-token" });
    for (const value of ["a-password", "a-token", "AUTHENTIK_BOOTSTRAP_EMAIL"])
      assert.ok(worker.includes(value));
  });

  test("has no bootstrap values if none are configured, and then starts with the image's own command", async () => {
    const worker = await workerWith({});
    assert.match(worker, /"command":\["worker"\]/);
    assert.doesNotMatch(worker, /bootstrap|entrypoints/i);
  });
});
