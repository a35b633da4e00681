import assert from "node:assert/strict";
import { test } from "node:test";
import { generateMissingCredentials } from "../../../cli/credentials";
import { namesRefusedBy } from "../../../providers/pki/nameConstraints";

async function generated(config: Record<string, { value: string }>): Promise<Map<string, string>> {
  const set = new Map<string, string>();
  await generateMissingCredentials(async ([, verb, ...rest], input = "") => {
    if (verb === "set") set.set(rest.at(-1) ?? "", input);
    return JSON.stringify(config);
  });
  return set;
}

for (const [url, host] of [
  ["https://auth.example.com", "auth.example.com"],
  ["https://[2001:db8::7]:9443", "2001:db8::7"],
] as const) {
  test(`the generated CA is for the host of ${url} alone`, async () => {
    const set = await generated({ "proxmox-authentik-sso:authentikUrl": { value: url } });
    const refused = await namesRefusedBy(set.get("tlsCaCertificate") ?? "", [
      host,
      "example.org",
      "192.0.2.1",
    ]);
    assert.deepEqual(refused, ["example.org", "192.0.2.1"]);
  });
}

test("no CA is made before the address is known", async () => {
  await assert.rejects(generated({}), /pulumi config set authentikUrl/);
});
