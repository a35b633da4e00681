import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CURRENT } from "../../lab/authentik/profile";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { isRecord } from "../replay/exchange";
import * as official from "./official-fields";

const token = "fields-token";
const password = "fields-password";

const later: Record<string, Record<string, string>> = official.laterFields;

for (const profile of ["2026.5", CURRENT])
  describe(`the objects of the simulated authentik ${profile} have the official client's fields`, () => {
    let authentik: RunningAuthentik;

    before(async () => {
      authentik = await startAuthentik({ profile, bootstrap: { token, password } });
      const flow = Object(await firstOf("flows/instances/")).pk;
      const provider = await call("providers/oauth2/", {
        name: "p",
        authorization_flow: flow,
        invalidation_flow: flow,
        redirect_uris: [],
      });
      const application = { name: "a", slug: "a", provider: Object(provider).pk };
      const { pk: target } = Object(await call("core/applications/", application));
      await call("policies/bindings/", { target, group: Object(await firstOf("core/groups/")).pk, order: 0 });
      await call("rbac/roles/", { name: "r" });
      await logIn();
    });

    after(() => authentik.close());

    const kinds: [string, string, Record<string, string>][] = [
      ["application", "core/applications/", official.application],
      ["authenticated session", "core/authenticated_sessions/", official.authenticatedSession],
      ["binding", "policies/bindings/", official.binding],
      ["brand", "core/brands/", official.brand],
      ["certificate", "crypto/certificatekeypairs/", official.certificate],
      ["flow", "flows/instances/", official.flow],
      ["group", "core/groups/", official.group],
      ["provider", "providers/oauth2/", official.provider],
      ["role", "rbac/roles/", official.role],
      ["scope mapping", "propertymappings/provider/scope/", official.scopeMapping],
      ["token", "core/tokens/", official.token],
      ["user", "core/users/", official.user],
    ];
    for (const [name, path, fields] of kinds) {
      it(`of a ${name}`, async () =>
        assertFields(await firstOf(path), { ...fields, ...(profile === CURRENT && later[name]) }));
    }

    it("of the current user", async () =>
      assertFields(Object(await call("core/users/me/")).user, {
        ...official.currentUser,
        ...(profile === CURRENT && later.currentUser),
      }));

    function assertFields(object: unknown, fields: Record<string, string>): void {
      assert.ok(isRecord(object));
      // A reserved word in TypeScript, so the client writes it with an underscore.
      const expected = new Map(
        Object.entries(fields).map(([field, kind]) => [field === "_default" ? "default" : field, kind]),
      );
      assert.deepEqual(Object.keys(object).sort(), [...expected.keys()].sort());
      for (const [field, value] of Object.entries(object)) {
        assert.ok(isKind(value, expected.get(field)), `${field} is ${JSON.stringify(value)}`);
      }
    }

    function isKind(value: unknown, kind = ""): boolean {
      if (value === null) return kind.endsWith(" or null");
      return kind.replace(" or null", "") === (Array.isArray(value) ? "list" : typeof value);
    }

    async function logIn(): Promise<void> {
      const url = `${authentik.httpUrl}/api/v3/flows/executor/default-authentication-flow/?query=`;
      const redirect = "manual";
      const cookie = (await fetch(url)).headers.get("set-cookie")?.split(";")[0] ?? "";
      for (const answer of [{ uid_field: "akadmin" }, { password }]) {
        const headers = { cookie, "content-type": "application/json" };
        await fetch(url, { method: "POST", headers, body: JSON.stringify(answer), redirect });
      }
      for (let step = 0; step < 2; step++) await fetch(url, { headers: { cookie }, redirect });
    }

    async function firstOf(path: string): Promise<unknown> {
      const list = await call(path);
      return isRecord(list) && Array.isArray(list.results) ? list.results[0] : undefined;
    }

    async function call(path: string, body?: object): Promise<unknown> {
      const response = await fetch(`${authentik.httpUrl}/api/v3/${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      assert.ok(response.ok, text);
      return JSON.parse(text);
    }
  });
