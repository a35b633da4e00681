import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { AxiosError, AxiosHeaders } from "axios";
import fc from "fast-check";
import { AddressError, redirectUriOf } from "../../components/model/addresses";
import { applicationDefinition } from "../../providers/authentik/application";
import { explain as explainAuthentik } from "../../providers/authentik/errors";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { scopeMappingDefinition } from "../../providers/authentik/scopeMapping";
import type { AnyDefinition } from "../../providers/core/definition";
import { OutcomeUnknownError } from "../../providers/core/errors";
import { redact } from "../../providers/core/redact";
import { aclDefinition } from "../../providers/proxmox/acl";
import { explain as explainProxmox } from "../../providers/proxmox/errors";
import { groupDefinition } from "../../providers/proxmox/group";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { seeded } from "../tools/seeded";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, providerOf } from "./simulators";

/** Including quotes, newlines, other scripts, markup and paths. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  fc.constantFrom(
    '"; DROP TABLE --',
    "../../etc/passwd",
    "line\nbreak",
    "<b>ü</b>",
    "a,b;c=d#e",
    "💥",
    "%00%2e",
    "  spaces around  ",
    "\tother white space\n",
  ),
);
const visible = text.filter((value) => value.trim() !== "" && !value.includes("\0"));

type Given = Record<string, fc.Arbitrary<unknown>>;

/** A created or changed object equals its inputs: neither a preview nor a refresh shows a difference. */
async function assertSettles(
  definition: AnyDefinition,
  first: Properties,
  second: Properties,
): Promise<void> {
  const provider = await providerOf(definition);
  for (const given of [first, second]) {
    const { inputs = {}, failures = [] } = await provider.check({}, given);
    // Refused inputs never reach a server.
    if (failures.length > 0) return;
    const again = await provider.check({}, inputs);
    assert.deepEqual(again, { inputs, failures: [] }, "the schema's own form is another one the second time");
  }
  const life = new Life(provider);
  await life.create(first);
  try {
    await assertSettled(life, first);
    if ((await life.preview(second)) === "update") await life.update(second);
    else if ((await life.preview(second)) === "replace") return;
    await assertSettled(life, second);
  } finally {
    await life.delete();
  }
}

async function assertSettled(life: Life, given: Properties): Promise<void> {
  assert.equal(await life.preview(given), "nothing", "after the write");
  await life.refresh();
  assert.equal(await life.preview(given), "nothing", "after refresh");
}

suite("hostile input", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");

  const settles = (
    kind: string,
    definition: AnyDefinition,
    always: () => Properties,
    required: Given,
    optional: Given,
  ) =>
    test(`leaves no difference after ${kind} is created with it, and changed to another`, () => {
      const given = fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
      return fc.assert(
        fc.asyncProperty(given, given, (first, second) =>
          assertSettles(definition, { ...always(), ...first }, { ...always(), ...second }),
        ),
        seeded(40),
      );
    });

  settles(
    "an application",
    applicationDefinition,
    () => ({ authentik: authentik.connection, slug: "hostile" }),
    { name: visible },
    {
      description: text,
      publisher: text,
      group: text,
      policyEngineMode: fc.constantFrom("any", "all"),
    },
  );

  const redirectUris = fc.array(
    fc.oneof(
      fc.record({ url: fc.oneof(fc.webUrl(), visible) }),
      fc.record({
        url: fc.constantFrom("https://pve\\d\\.example\\.com", ".*"),
        matchingMode: fc.constant("regex"),
      }),
    ),
    { minLength: 1, maxLength: 3 },
  );
  const python = text.map((value) => `return {"claim": ${JSON.stringify(value)}}`);
  settles(
    "a provider",
    oauth2ProviderDefinition,
    () => ({ authentik: authentik.connection }),
    { name: visible, clientId: visible, clientSecret: visible, redirectUris },
    {
      postLogoutRedirectUris: redirectUris,
      accessTokenValidity: fc.constantFrom("minutes=5", "hours=1;minutes=30"),
      subMode: fc.constantFrom("user_id", "user_email"),
      scopeMappings: fc.subarray(["email", "openid", "profile"]),
      includeClaimsInIdToken: fc.boolean(),
    },
  );

  settles(
    "a scope mapping",
    scopeMappingDefinition,
    () => ({ authentik: authentik.connection }),
    { name: visible, scopeName: visible, expression: python },
    { description: text },
  );

  settles(
    "a realm",
    openIdRealmDefinition,
    () => ({
      proxmox: proxmox.connection,
      realm: "hostile",
      issuerUrl: "https://auth.example.com/application/o/hostile/",
    }),
    { clientId: visible },
    {
      clientKey: visible,
      comment: visible,
      scopes: fc.constantFrom("email", "email profile", "openid groups"),
      autocreate: fc.boolean(),
      default: fc.boolean(),
      queryUserinfo: fc.boolean(),
    },
  );

  const mark = fc.constantFrom("0123456789abcdef0123456789abcdef01234567", undefined);
  settles(
    "a group of Proxmox",
    groupDefinition,
    () => ({ proxmox: proxmox.connection, group: "hostile" }),
    {},
    { comment: visible, ownershipMark: mark },
  );

  settles(
    "a permission",
    aclDefinition,
    () => ({ proxmox: proxmox.connection, users: ["root@pam"] }),
    {
      path: fc.constantFrom("/vms/100", "vms//100/", "/", "//pool", "/storage/local/", "/../etc"),
      role: fc.constantFrom("PVEAuditor", "PVEAdmin"),
    },
    { propagate: fc.boolean() },
  );

  test("becomes an origin that stays the same, or a clear error, for an address", () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ validSchemes: ["https"] }), text), (address) => {
        try {
          const origin = redirectUriOf(address);
          assert.equal(new URL(origin).origin, origin);
          assert.equal(redirectUriOf(origin), origin);
        } catch (error) {
          assert.ok(error instanceof AddressError, String(error));
        }
      }),
      seeded(),
    );
  });

  const anyAnswer = {
    status: fc.integer({ min: 300, max: 599 }),
    statusText: text,
    data: fc.oneof(fc.jsonValue(), text),
    method: fc.constantFrom("get", "post", "put", "patch", "delete"),
  };
  const explanations = {
    authentik: (error: AxiosError) => explainAuthentik(error, "key"),
    Proxmox: (error: AxiosError) => explainProxmox(error, { token: "a@pve!b=c", configKey: "key" }),
  };
  for (const [server, explain] of Object.entries(explanations)) {
    test(`from ${server} becomes a clear message that names the server, whatever the answer is`, () => {
      fc.assert(
        fc.property(fc.record(anyAnswer), ({ method, ...answer }) => {
          const config = { baseURL: "https://x.example", url: "/x", method, headers: new AxiosHeaders() };
          const error = explain(
            new AxiosError("", "", config, undefined, { ...answer, headers: {}, config }),
          );
          assert.equal(error.name, "UserError");
          assert.ok(error.message.includes(server), error.message);
          // A proxy may have forwarded a write before it failed. A read has changed nothing.
          if ([502, 503, 504].includes(answer.status))
            assert.equal(error instanceof OutcomeUnknownError, method !== "get");
        }),
        seeded(1000),
      );
    });
  }

  test("is never in a message in a form that reveals a secret", () => {
    fc.assert(
      fc.property(text, fc.string({ unit: "grapheme", minLength: 8 }), text, (before, secret, after) => {
        const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
        for (const form of forms)
          assert.ok(!redact(`${before} ${form} ${after}`, [secret]).includes(` ${form} `));
      }),
      seeded(),
    );
  });
});
