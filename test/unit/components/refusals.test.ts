import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { RunError } from "@pulumi/pulumi/errors";
import type { ProxmoxAuthentikSsoArgs } from "../../../components/proxmoxAuthentikSso";
import { refuseWhatCannotWork } from "../../../components/refusals";

type Options = Omit<ProxmoxAuthentikSsoArgs, "authentik">;

const right: Options = { proxmox: { addresses: ["https://pve.example.com:8006"] }, allowEveryone: true };

function refuse(changes: Partial<Options>): void {
  refuseWhatCannotWork({ ...right, ...changes });
}

const refused: [what: string, changes: Partial<Options>, expected: RegExp][] = [
  [
    "access for everybody that was not said",
    { allowEveryone: false },
    /`access` is empty.*say `allowEveryone: true`/,
  ],
  [
    "an empty redirect list",
    { proxmox: { addresses: [] } },
    /authentik stores the first one that anybody sends/,
  ],
  [
    "an encryption key",
    { provider: { encryptionKey: "k" } },
    /cannot read encrypted ID tokens.*Leave it out/,
  ],
  ["a mistake in access", { access: { a: { "/": "PVEX" } } }, /`access` "a" has the role "PVEX"/],
  [
    "a groups claim beside access",
    { access: { a: { "/": "PVEAuditor" } }, realm: { groupsClaim: "groups" } },
    /`realm\.groupsClaim` is given beside `access`/,
  ],
  ["a groups claim that nothing emits", { realm: { groupsClaim: "roles" } }, /that nothing emits.*`groups`/],
  ["global issuer mode", { provider: { issuerMode: "global" } }, /"global".*Leave it out/],
  ["no scope mappings", { provider: { scopeMappings: [] } }, /no claim for the user name/],
  ...["sub", "subject", "upn", "uid", "name", "groups", "email_verified"].map(
    (claim): [string, Partial<Options>, RegExp] => [
      `the claim ${claim}`,
      { realm: { usernameClaim: claim } },
      /Use username \(the default\)/,
    ],
  ),
];

const letThrough: [what: string, changes: Partial<Options>][] = [
  ["the defaults", {}],
  ["another claim", { realm: { usernameClaim: "preferred_username" } }],
  ["email as claim", { realm: { usernameClaim: "email" } }],
  ["issuer mode per provider", { provider: { issuerMode: "per_provider" } }],
  ["other scope mappings", { provider: { scopeMappings: ["goauthentik.io/providers/oauth2/scope-openid"] } }],
];

suite("options that make every login fail are refused with the way out", () => {
  for (const [what, changes, expected] of refused) {
    test(what, () => {
      assert.throws(
        () => refuse(changes),
        (error) => error instanceof RunError && expected.test(error.message),
      );
    });
  }

  test("all at once", () => {
    assert.throws(
      () => refuse({ allowEveryone: false, provider: { issuerMode: "global", encryptionKey: "k" } }),
      /(\n- .*){3}$/,
    );
  });
});

suite("options that work are let through", () => {
  for (const [what, changes] of letThrough) {
    test(what, () => refuse(changes));
  }
});
