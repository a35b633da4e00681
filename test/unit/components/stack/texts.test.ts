import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { withTexts } from "../../../../components/stack/texts";
import { planned, productionArgs } from "./planned";

const title = 'AuthentikStack "auth"';
const secrets = { secretKey: "key", databasePassword: pulumi.secret("password") };
/** As in plain JavaScript. */
const nothing: pulumi.Output<string> = pulumi.output(JSON.parse('{"a": [null]}')).apply(({ a }) => a[0]);
const sent = (value: unknown) => pulumi.runtime.serializeProperties("x", { value });

suite("an output among the texts of a stack", () => {
  test("has its value, and stays a secret", async () => {
    const { secrets: texts } = withTexts({ url: "https://a.example.com", secrets }, title);
    assert.equal(texts.secretKey, "key");
    assert.ok(await pulumi.isSecret(pulumi.output(texts.databasePassword)));
    assert.equal(JSON.stringify(await sent(texts.databasePassword)).includes("password"), true);
  });

  test("that has no text ends the program with the argument's name", async () => {
    const args = withTexts(
      {
        url: "https://a.example.com",
        secrets: { ...secrets, bootstrapToken: nothing },
        environment: { AUTHENTIK_LOG_LEVEL: nothing },
        docker: { registry: { address: "r.example.com", username: "u", password: nothing } },
      },
      title,
    );
    const refused = (option: string) => ({
      message: new RegExp(`^This cannot work: ${title}\\n- \`${option}\` `),
    });
    await assert.rejects(sent(args.secrets.bootstrapToken), refused("secrets.bootstrapToken"));
    await assert.rejects(sent(args.environment), refused("environment.AUTHENTIK_LOG_LEVEL"));
    await assert.rejects(sent(args.docker?.registry?.password), refused("docker.registry.password"));
  });
});

test("an image that is undefined is the default one", async () => {
  const images = Object.assign({ ...productionArgs.images }, { postgres: undefined, redis: undefined });
  const plan = await planned(Object.assign({ ...productionArgs }, { images }));
  const database = plan.find(({ name }) => name === "postgres-image");
  assert.match(String(database?.inputs.name), /^postgres:/);
});
