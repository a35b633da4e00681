import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { defaultImages } from "../../../../components/images";
import { Refusal } from "../../../../components/stack/refusal";
import { checks, withTexts } from "../../../../components/stack/texts";
import { planned, productionArgs } from "./planned";

const title = 'AuthentikStack "auth"';
const secrets = { secretKey: "key", databasePassword: pulumi.secret("password") };
/** As in plain JavaScript. */
const nothing: string = JSON.parse("null");
const sent = (value: unknown) => pulumi.runtime.serializeProperties("x", { value });

suite("an output among the texts of a stack", () => {
  test("has its value, and stays a secret", async () => {
    const { secrets: texts } = withTexts({ url: "https://a.example.com", secrets }, title);
    assert.equal(texts.secretKey, "key");
    assert.ok(await pulumi.isSecret(pulumi.output(texts.databasePassword)));
    assert.equal(JSON.stringify(await sent(texts.databasePassword)).includes("password"), true);
  });

  test("that has no text ends the program with the argument's name", () => {
    const { text, variable } = checks(title);
    const refused = (option: string) => (error: Error) =>
      error instanceof Refusal && error.message.startsWith(`This cannot work: ${title}\n- \`${option}\` `);
    assert.throws(() => text("secrets.secretKey", nothing), refused("secrets.secretKey"));
    assert.throws(() => text("secrets.secretKey", ""), refused("secrets.secretKey"));
    assert.throws(() => variable("environment.A", nothing), refused("environment.A"));
    assert.equal(variable("environment.A", JSON.parse("7")), 7);
  });
});

test("an image that is undefined is the default one", async () => {
  const given = Object.assign({ ...productionArgs.images }, { postgres: undefined, redis: undefined });
  const plan = await planned(Object.assign({ ...productionArgs }, { images: given }));
  const images = plan
    .filter(({ type }) => type.endsWith(":RemoteImage"))
    .map(({ inputs }) => String(inputs.name));
  assert.ok(
    images.some((name) => name === defaultImages.postgres),
    images.join(", "),
  );
});
