import assert from "node:assert/strict";
import { test } from "node:test";
import { credentials } from "../../../cli/commands/credentials";
import { generateMissingCredentials } from "../../../cli/credentials/missing";
import { namesRefusedBy } from "../../../providers/pki/nameConstraints";
import { nodeTrustCommands } from "../../../providers/pki/trust";
import { printedBy } from "../../commands/printed";

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
  test(`the generated CA is valid only for the host of ${url}`, async () => {
    const set = await generated({ "proxmox-authentik-sso:authentikUrl": { value: url } });
    const refused = await namesRefusedBy(set.get("tlsCaCertificate") ?? "", [
      host,
      "example.org",
      "192.0.2.1",
    ]);
    assert.deepEqual(refused, ["example.org", "192.0.2.1"]);
  });
}

test("no CA is generated before the address is configured", async () => {
  await assert.rejects(generated({}), /pulumi config set authentikUrl/);
});

const other = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

for (const [what, outputs, expected] of [
  ["a stack that has no outputs yet", {}, /^Generated and set, encrypted: .*tlsCaCertificate\.$/],
  ["a stack whose nodes trust another CA", { caCertificate: other }, /Before the next `pulumi up`, paste/],
] as const) {
  test(`the command generates the credentials of ${what}`, async () => {
    let ca = "";
    const { code, output } = await printedBy(() =>
      credentials(async ([first, verb, ...rest], input = "") => {
        if (first === "stack") return JSON.stringify(outputs);
        if (verb === "get") return ca;
        if (verb === "set" && rest.at(-1) === "tlsCaCertificate") ca = input;
        return JSON.stringify({
          "proxmox-authentik-sso:authentikUrl": { value: "https://auth.example.com" },
        });
      }),
    );
    assert.equal(code, 0);
    assert.match(output, expected);
    if ("caCertificate" in outputs) assert.ok(output.includes(nodeTrustCommands(ca, other)));
  });
}
