import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { RunError } from "@pulumi/pulumi";
import { resolvedOrRefused } from "../../../components/model/mistakes";
import { resolveSso } from "../../../components/model/sso";
import type { SsoOptions as Options } from "../../../components/model/ssoOptions";

const authentik = { origin: "https://auth.example.com", apiUrl: "https://auth.example.com" };

const right: Options = { proxmox: { addresses: ["https://pve.example.com:8006"] }, allowEveryone: true };

function refuse(changes: Partial<Options>): void {
  resolvedOrRefused(resolveSso("sso", { ...right, ...changes }, authentik));
}

const refused: [what: string, changes: Partial<Options>, expected: RegExp][] = [
  [
    "access for everybody that was not said",
    { allowEveryone: false },
    /`access` is empty.*set `allowEveryone: true`/,
  ],
  [
    "an empty redirect list",
    { proxmox: { addresses: [] } },
    /authentik stores the first one that anybody sends/,
  ],
  [
    "an encryption key",
    { oauth2: { encryptionKey: "k" } },
    /cannot read encrypted ID tokens.*Remove the option/,
  ],
  ["a mistake in access", { access: { a: { "/": "PVEX" } } }, /`access` "a" has the role "PVEX"/],
  [
    "a groups claim next to access",
    { access: { a: { "/": "PVEAuditor" } }, realm: { groupsClaim: "groups" } },
    /`realm\.groupsClaim` conflicts with `access`/,
  ],
  [
    "a groups claim that nothing emits",
    { realm: { groupsClaim: "roles" } },
    /that no scope mapping sends.*`groups`/,
  ],
  ["global issuer mode", { oauth2: { issuerMode: "global" } }, /"global".*Remove the option/],
  [
    "a claim for user names that nothing emits",
    { realm: { usernameClaim: "employee" } },
    /`realm\.usernameClaim` cannot be "employee": no scope mapping of authentik .*`oauth2\.scopeMappings`\)\. Use username/,
  ],
  [
    "scopes without the one of the user name",
    { realm: { scopes: "email" } },
    /`realm\.scopes` lacks the scope of the claim `realm\.usernameClaim`.*email in the scope `email`.*`profile`/,
  ],
  [
    "scopes without the one of e-mail addresses as user names",
    { realm: { scopes: "profile", usernameClaim: "email" } },
    /`realm\.scopes` lacks the scope of the claim `realm\.usernameClaim`/,
  ],
  [
    "scopes without the one of groups",
    { realm: { scopes: "email", usernameClaim: "email", groupsClaim: "groups" } },
    /`realm\.scopes` lacks `profile`, in which authentik sends the claim `groups`/,
  ],
  [
    "claims in neither ID token nor userinfo",
    { realm: { queryUserinfo: false }, oauth2: { includeClaimsInIdToken: false } },
    /are both off, so no claim reaches Proxmox/,
  ],
  [
    "all bindings at once",
    {
      access: { a: { "/": "PVEAuditor" }, b: { "/": "PVEAuditor" } },
      application: { policyEngineMode: "all" },
    },
    /"all" with several groups in `access`: only users in every one of these groups/,
  ],
  ...["jürgen", "al ice", "a/b", "a:b", "a".repeat(55)].map(
    (username): [string, Partial<Options>, RegExp] => [
      `the test user ${username}`,
      { testUser: { username, passwordConfigKey: "testPassword" } },
      /`testUser\.username` cannot be ".*": this user could not log in to Proxmox, where a user m/,
    ],
  ),
  ["no scope mappings", { oauth2: { scopeMappings: [] } }, /no mapping sends the claim for the user name/],
  ...["sub", "subject", "upn", "uid", "name", "given_name", "groups", "email_verified"].map(
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
  [
    "another claim that a mapping of one's own may emit",
    { realm: { usernameClaim: "employee", scopes: "hr" }, oauth2: { scopeMappings: ["hr"] } },
  ],
  ["scopes that have the user name", { realm: { scopes: "profile offline_access" } }],
  ["claims by userinfo only", { oauth2: { includeClaimsInIdToken: false } }],
  ["claims in the ID token only", { realm: { queryUserinfo: false } }],
  [
    "a test user who logs in to authentik by e-mail address",
    { testUser: { username: `${"a".repeat(60)}@example.com`, passwordConfigKey: "testPassword" } },
  ],
  [
    "a test user whose name does not count",
    {
      realm: { usernameClaim: "email" },
      testUser: { username: "jürgen", passwordConfigKey: "testPassword" },
    },
  ],
  ["issuer mode per provider", { oauth2: { issuerMode: "per_provider" } }],
  ["other scope mappings", { oauth2: { scopeMappings: ["goauthentik.io/providers/oauth2/scope-openid"] } }],
];

suite("options that make every login fail are refused with the fix", () => {
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
      () => refuse({ allowEveryone: false, oauth2: { issuerMode: "global", encryptionKey: "k" } }),
      /(\n- .*){3}$/,
    );
  });
});

suite("options that work are accepted", () => {
  for (const [what, changes] of letThrough) {
    test(what, () => refuse(changes));
  }
});

suite("the former name of `oauth2`", () => {
  const withFormer = (provider: Options["oauth2"], others: object = {}) =>
    resolveSso("sso", { ...right, provider, ...others }, authentik);

  test("still works", () => {
    const { resolved } = withFormer({ accessTokenValidity: "minutes=5" });
    assert.deepEqual(resolved?.options.oauth2, { accessTokenValidity: "minutes=5" });
  });

  test("is named in its mistakes", () => {
    const { mistakes } = withFormer({ issuerMode: "global" });
    assert.deepEqual(
      mistakes.map(({ path }) => path),
      ["provider.issuerMode"],
    );
  });

  test("is refused next to the new name", () => {
    const { mistakes } = withFormer({ issuerMode: "per_provider" }, { oauth2: {} });
    assert.deepEqual(mistakes, [{ path: "provider", message: "is not an option of this program" }]);
  });
});
