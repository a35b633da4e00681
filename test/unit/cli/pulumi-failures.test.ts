import assert from "node:assert/strict";
import { test } from "node:test";
import { explainPulumi } from "../../../cli/stack/pulumi-failures";

/** The text of Pulumi 3.259. */
const said: readonly [message: string, named: string | undefined, sentence: RegExp][] = [
  [
    "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    undefined,
    /`npm start`.*`pulumi login`.*`npm run init`/,
  ],
  ["no stack selected; please use `pulumi stack select` to choose one", undefined, /`--stack <name>`/],
  [
    "no stack selected; please use `pulumi stack select` to choose one",
    "prod",
    /no stack "prod".*`npm run init`/,
  ],
  ["no stack named 'prod' found", "prod", /no stack "prod"/],
  [
    "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    "prod",
    /encrypted with a passphrase.*PULUMI_CONFIG_PASSPHRASE_FILE/,
  ],
  ["incorrect passphrase", "prod", /not the passphrase.*PULUMI_CONFIG_PASSPHRASE/],
];

for (const [message, named, sentence] of said) {
  test(`"${message}"${named ? ` of ${named}` : ""} is explained in one sentence`, () => {
    const explained = explainPulumi(
      new Error(`pulumi config --json: failed (255)\nerror: ${message}`),
      named,
    );
    assert.ok(explained instanceof Error);
    assert.match(explained.message, sentence);
    assert.equal(explained.message.split("\n").length, 1);
    assert.doesNotMatch(explained.message, /failed \(255\)/);
  });
}

test("an unknown error keeps Pulumi's text", () => {
  const error = new Error("pulumi stack export: failed (255)\nerror: disk full");
  assert.equal(explainPulumi(error, "prod"), error);
});
