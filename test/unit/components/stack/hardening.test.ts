import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { z } from "zod";
import { type Planned, planned, productionArgs } from "./planned";

const container = z.looseObject({
  securityOpts: z.array(z.string()),
  capabilities: z.object({ adds: z.array(z.string()), drops: z.array(z.string()) }),
  memory: z.number(),
  logOpts: z.record(z.string(), z.string()),
  ports: z.array(z.unknown()).default([]),
});
/** What the official images need to change to their own user. */
const needed = {
  postgres: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"],
  redis: ["CAP_CHOWN", "CAP_SETGID", "CAP_SETUID"],
  server: [],
  worker: [],
};

suite("on one Docker host", () => {
  let resources: Planned[] = [];
  let containers: [name: string, inputs: z.output<typeof container>][] = [];
  before(async () => {
    resources = await planned(productionArgs);
    containers = resources
      .filter(({ type }) => type.endsWith(":Container"))
      .map(({ name, inputs }) => [name, container.parse(inputs)]);
  });

  test("every container drops all capabilities that its image does not need", () => {
    assert.deepEqual(
      Object.fromEntries(containers.map(([name, { capabilities }]) => [name, [...capabilities.adds].sort()])),
      needed,
    );
    for (const [name, { capabilities }] of containers) assert.deepEqual(capabilities.drops, ["ALL"], name);
  });

  test("every container has no new privileges, no Docker socket, and limits for memory and logs", () => {
    for (const [name, inputs] of containers) {
      assert.deepEqual(inputs.securityOpts, ["no-new-privileges:true"], name);
      assert.doesNotMatch(JSON.stringify(inputs), /docker\.sock/, name);
      assert.ok(inputs.memory >= 256, name);
      assert.deepEqual(Object.keys(inputs.logOpts).sort(), ["max-file", "max-size"], name);
    }
  });

  test("only authentik publishes ports, and the network of the database is internal", () => {
    assert.deepEqual(
      containers.filter(([, { ports }]) => ports.length > 0).map(([name]) => name),
      ["server"],
    );
    const networks = resources.filter(({ type }) => type.endsWith(":Network"));
    assert.deepEqual(
      networks.map(({ name, inputs }) => [name, inputs.internal]),
      [
        ["backend", true],
        ["frontend", false],
      ],
    );
  });
});
