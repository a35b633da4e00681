import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { AuthentikStack } from "../../../../components/authentikStack";
import type { AuthentikStackArgs } from "../../../../components/authentikStackArgs";

const container = z.object({
  envs: z.array(z.string()),
  entrypoints: z.array(z.string()).optional(),
  command: z.array(z.string()),
  uploads: z.unknown(),
});
const uploads = z.array(z.object({ file: z.string(), content: z.string() }));

/** The containers of authentik as the engine receives them: a secret is wrapped in an object. */
async function containersWith(
  environment: NonNullable<AuthentikStackArgs["environment"]>,
  bootstrap: Partial<AuthentikStackArgs["secrets"]> = {},
) {
  const told = new Map<string, z.output<typeof container>>();
  const newResource = ({ type, name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
    if (type.endsWith(":Container") && ["server", "worker"].includes(name)) {
      told.set(name, container.parse(inputs));
    }
    return { id: id ?? `${name}-id`, state: inputs };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", true);
  const secrets = { secretKey: "key", databasePassword: "password", ...bootstrap };
  new AuthentikStack("authentik", { url: "https://auth.example.com", secrets, environment });
  await pulumi.runtime.disconnect();
  return ["server", "worker"].map((name) => container.parse(told.get(name)));
}

/** The uploads of a container, by path. All of them are one secret if one is unknown until later. */
function filesOf({ uploads: given }: z.output<typeof container>): Map<string, string> {
  const list = uploads.parse(Array.isArray(given) ? given : Object(given).value);
  return new Map(list.map(({ file, content }) => [file, content]));
}

const folder = "/run/secrets/environment";

suite("environment variables of authentik", () => {
  for (const bootstrap of [{}, { bootstrapPassword: "p", bootstrapToken: "t" }]) {
    test(`that are secrets are files, ${"bootstrapToken" in bootstrap ? "at the first start too" : "later"}`, async () => {
      const containers = await containersWith(
        {
          AUTHENTIK_EMAIL__PASSWORD: pulumi.secret("canary-mail"),
          HTTPS_PROXY: pulumi.secret("http://canary-proxy"),
          AUTHENTIK_WORKER__THREADS: pulumi.secret("7"),
          AUTHENTIK_LOG_LEVEL: "debug",
        },
        bootstrap,
      );
      for (const [index, one] of containers.entries()) {
        assert.doesNotMatch(JSON.stringify([one.envs, one.command, one.entrypoints]), /canary/);
        assert.ok(one.envs.includes(`AUTHENTIK_EMAIL__PASSWORD=file://${folder}/AUTHENTIK_EMAIL__PASSWORD`));
        assert.ok(one.envs.includes("AUTHENTIK_LOG_LEVEL=debug"));
        assert.ok(!one.envs.some((variable) => /^(HTTPS_PROXY|AUTHENTIK_WORKER__THREADS)=/.test(variable)));
        const files = filesOf(one);
        assert.equal(files.get(`${folder}/AUTHENTIK_EMAIL__PASSWORD`), "canary-mail");
        const [shell, script = ""] = one.entrypoints ?? [];
        assert.equal(shell, "/bin/sh");
        // authentik reads neither of these from a file, and no numbers.
        for (const name of ["HTTPS_PROXY", "AUTHENTIK_WORKER__THREADS"]) {
          assert.match(
            files.get(script) ?? "",
            new RegExp(`${name}="\\$\\(cat ${folder}/${name}\\)"\nexport ${name}\n`),
          );
        }
        assert.match(
          files.get(script) ?? "",
          new RegExp(`exec dumb-init -- ak ${index ? "worker" : "server"}\n$`),
        );
      }
    });
  }

  test("without secrets leave the containers unchanged", async () => {
    const plain = { AUTHENTIK_LOG_LEVEL: "debug", TZ: "Europe/Berlin" };
    const outputs = Object.fromEntries(
      Object.entries(plain).map(([name, value]) => [name, pulumi.output(value)]),
    );
    for (const environment of [plain, outputs]) {
      const [server] = await containersWith(environment);
      assert.ok(server?.envs.includes("AUTHENTIK_LOG_LEVEL=debug"));
      assert.deepEqual([server?.entrypoints, server?.command], [undefined, ["server"]]);
    }
  });
});
