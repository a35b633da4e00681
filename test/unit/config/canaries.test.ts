import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { configSchema } from "../../../config/schema";
import { canaryStacks, dockerConfig, fillDockerConfig } from "./canary-stacks";
import { openTexts, programWith } from "./program";

const keyOf = (path: string) => path.split(/[.[-]/)[0] ?? "";

suite("a value that is set with --secret, at each leaf of the schema,", () => {
  const { DOCKER_CONFIG: usual } = process.env;
  before(() => {
    fillDockerConfig();
    process.env.DOCKER_CONFIG = dockerConfig;
  });
  after(() => {
    if (usual === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = usual;
    rmSync(dockerConfig, { recursive: true });
  });

  for (const { title, plain, secret, canaries } of canaryStacks) {
    test(`is no open input and no open output: ${title}`, async () => {
      const received = await programWith(plain, secret);
      assert.ok(received.length > 8);
      const leaks = received.flatMap(({ name, values }) => {
        const open = openTexts(values).join("\n");
        return Object.entries(canaries)
          .filter(([, canary]) => open.includes(canary))
          .map(([path]) => `${path} in ${name}`);
      });
      assert.deepEqual(leaks, []);
    });
  }

  test("or the schema accepts neither text nor a list there", () => {
    const tried = new Set(canaryStacks.flatMap(({ canaries }) => Object.keys(canaries).map(keyOf)));
    const others = Object.entries(configSchema.shape).filter(([key]) => !tried.has(key));
    const free = others.filter(([, form]) =>
      ["canary-text", "canary@example.com", "203.0.113.78", '["canary-text"]', '{"canary":"text"}'].some(
        (text) => form.safeParse(text).success,
      ),
    );
    assert.deepEqual(
      free.map(([key]) => key),
      [],
    );
    assert.ok(others.length > 20);
  });
});
