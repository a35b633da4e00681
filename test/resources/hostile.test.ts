import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { AxiosError, AxiosHeaders } from "axios";
import fc from "fast-check";
import { AddressError, redirectUriOf } from "../../components/addresses";
import { applicationDefinition } from "../../providers/authentik/application";
import { explain as explainAuthentik } from "../../providers/authentik/errors";
import type { AnyDefinition } from "../../providers/core/definition";
import { redact } from "../../providers/core/redact";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, providerOf } from "./simulators";

const runs = 40;
/** Quotes, newlines, other scripts, markup and paths among them. */
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
  ),
);
const visible = text.filter((value) => value.trim() !== "" && !value.includes("\0"));

/** What is created is there as it was asked for: neither a preview nor a refresh shows a difference. */
async function assertSettles(definition: AnyDefinition, given: Properties): Promise<void> {
  const provider = await providerOf(definition);
  const { failures } = await provider.check({}, given);
  // What is refused beforehand never gets to a server.
  if (failures && failures.length > 0) return;
  const life = new Life(provider);
  await life.create(given);
  try {
    assert.equal(await life.preview(given), "nothing", "after create");
    await life.refresh();
    assert.equal(await life.preview(given), "nothing", "after refresh");
  } finally {
    await life.delete();
  }
}

suite("hostile input", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");

  test("leaves no difference after an application is made of it", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            name: visible,
            description: text,
            publisher: text,
            group: text,
            policyEngineMode: fc.constantFrom("any", "all"),
          },
          { requiredKeys: ["name"] },
        ),
        (given) =>
          assertSettles(applicationDefinition, {
            ...given,
            authentik: authentik.connection,
            slug: "hostile",
          }),
      ),
      { numRuns: runs },
    ));

  test("leaves no difference after a realm is made of it", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            clientId: visible,
            clientKey: visible,
            comment: visible,
            scopes: fc.constantFrom("email", "email profile", "openid groups"),
            autocreate: fc.boolean(),
            default: fc.boolean(),
            queryUserinfo: fc.boolean(),
          },
          { requiredKeys: ["clientId"] },
        ),
        (given) =>
          assertSettles(openIdRealmDefinition, {
            ...given,
            proxmox: proxmox.connection,
            realm: "hostile",
            issuerUrl: "https://auth.example.com/application/o/hostile/",
          }),
      ),
      { numRuns: runs },
    ));

  test("makes an address an origin that stays the same, or an error for people", () => {
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
    );
  });

  test("from a server makes a message for people, whatever the body is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.oneof(fc.jsonValue(), text), (status, data) => {
        const config = { url: "/x", method: "post", headers: new AxiosHeaders() };
        const response = { status, statusText: "", data, headers: {}, config };
        const error = explainAuthentik(new AxiosError("", "", config, undefined, response), "key");
        assert.equal(error.name, "UserError");
      }),
    );
  });

  test("is never left in a message in a form that gives a secret away", () => {
    fc.assert(
      fc.property(text, fc.string({ unit: "grapheme", minLength: 8 }), text, (before, secret, after) => {
        const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
        for (const form of forms)
          assert.ok(!redact(`${before} ${form} ${after}`, [secret]).includes(` ${form} `));
      }),
    );
  });
});
