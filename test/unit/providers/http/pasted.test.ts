import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { connectAuthentik } from "../../../../providers/authentik/connection";
import { Credentials } from "../../../../providers/core/credentials";
import { UserError } from "../../../../providers/core/errors";
import { requirePrintable, tokenIn } from "../../../../providers/http/pasted";
import { apiTokenIn } from "../../../../providers/proxmox/token";
import { anyText, seeded } from "../../../tools/seeded";
import { serve } from "./server";

const proxmox = "alice@example.com@authentik!sso=0f8fad5b-d9cb-469f-a165-70867728950e";
const authentik = "aB3-x_9.Z~Q==";

/** The form in which a token is pasted. */
const ways: Record<string, (token: string) => string> = {
  "as it is": (token) => token,
  "with Bearer": (token) => `Bearer ${token}`,
  "with the name of a header": (token) => `Authorization: bearer ${token}`,
  "with PVEAPIToken=": (token) => `PVEAPIToken=${token}`,
  "with a header's name and PVEAPIToken=": (token) => `Authorization: PVEAPIToken=${token}`,
  "in quotes": (token) => `"${token}"`,
  "in single quotes, with spaces and a line break": (token) => ` '${token}'\r\n`,
  "with PVEAPIToken= in quotes": (token) => `"PVEAPIToken=${token}"`,
  "broken into lines": (token) => `${token.slice(0, 9)}\n${token.slice(9)}`,
};

suite("a token that is pasted", () => {
  for (const [way, paste] of Object.entries(ways)) {
    test(way, () => {
      assert.equal(apiTokenIn(paste(proxmox), "k"), proxmox);
      assert.equal(tokenIn(paste(authentik)), authentik);
    });
  }

  test("is trimmed before it reaches the server, and does not appear in messages", async (context) => {
    const { url } = await serve(context, (request, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ version_current: request.headers.authorization }));
    });
    const credentials = new Credentials({ get: () => `"Bearer ${authentik}"\n` }, {});
    const client = connectAuthentik({ url, tokenConfigKey: "authentikToken" }, credentials);
    assert.equal(await client.version(), `Bearer ${authentik}`);
    assert.ok([...credentials.used].includes(authentik));
  });
});

suite("an invalid token of Proxmox VE is refused before any request", () => {
  for (const [what, given, expected] of [
    [
      "the secret alone",
      "0f8fad5b-d9cb-469f-a165-70867728950e",
      /it is the secret alone\. It has the form user@realm!name=secret/,
    ],
    [
      "a token of Proxmox Backup Server",
      "root@pam!x:0f8fad5b",
      /a colon before the secret is the form of Proxmox Backup Server/,
    ],
    ["a user", "root@pam", /its form is another one/],
    ["nothing but a space inside", "root@pam!x=a b", /has a space or a character that no token has/],
    ["letters of no header", "root@pam!x=ä", /has a space or a character that no token has/],
  ] as const) {
    test(what, () => assert.throws(() => apiTokenIn(given, "pulumi-nodejs:proxmoxToken"), expected));
  }

  test("any text gives a token that a header can carry, or a clear message", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyText), (given) => {
        for (const read of [
          apiTokenIn,
          (text: string, key: string) => requirePrintable(tokenIn(text), key),
        ]) {
          try {
            assert.match(read(given, "k"), /^[\x21-\x7e]+$/);
          } catch (error) {
            assert.ok(
              error instanceof UserError && error.message.includes("pulumi config set --secret k"),
              String(error),
            );
          }
        }
      }),
      seeded(2000),
    );
  });
});
