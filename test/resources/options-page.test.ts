import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { applicationDefinition } from "../../providers/authentik/application";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";

const page = readFileSync(resolve(__dirname, "../../docs/options.md"), "utf8");
const connections = ["authentik", "proxmox"];

for (const [heading, { inputs, versions }] of Object.entries({
  Certificate: { ...certificateDefinition, versions: undefined },
  OAuth2Provider: oauth2ProviderDefinition,
  Application: applicationDefinition,
  OpenIdRealm: openIdRealmDefinition,
})) {
  const [, section = ""] = page.split(`## ${heading}\n`);
  const [table = ""] = section.split("\n## ");

  test(`docs/options.md has every option of ${heading}`, () => {
    for (const option of Object.keys(inputs.shape).filter((key) => !connections.includes(key))) {
      assert.ok(table.includes(`\`${option}\``), option);
    }
  });

  test(`docs/options.md says since which version ${heading} has an option`, () => {
    for (const [option, version] of Object.entries(versions?.since ?? {})) {
      const since = String(version).replace(/\.0(-rc\d+)?$/, "");
      const row = table.split("\n").find((line) => line.split("|")[1]?.includes(`\`${option}\``));
      assert.equal(row?.split("|")[2]?.trim(), since, option);
    }
  });
}
