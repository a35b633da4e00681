import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { isRecord } from "../replay/exchange";
import * as official from "./official-fields";

const token = "fields-token";

describe("the simulated authentik's objects have the official client's fields", () => {
  let authentik: RunningAuthentik;

  before(async () => {
    authentik = await startAuthentik({ bootstrap: { token } });
    const flow = Object(await firstOf("flows/instances/")).pk;
    const provider = await call("providers/oauth2/", {
      name: "p",
      authorization_flow: flow,
      invalidation_flow: flow,
      redirect_uris: [],
    });
    await call("core/applications/", { name: "a", slug: "a", provider: Object(provider).pk });
  });

  after(() => authentik.close());

  const kinds: [string, string, object][] = [
    ["application", "core/applications/", official.application],
    ["brand", "core/brands/", official.brand],
    ["certificate", "crypto/certificatekeypairs/", official.certificate],
    ["flow", "flows/instances/", official.flow],
    ["provider", "providers/oauth2/", official.provider],
    ["scope mapping", "propertymappings/provider/scope/", official.scopeMapping],
  ];
  for (const [name, path, fields] of kinds) {
    it(`of a ${name}`, async () => {
      // A reserved word in TypeScript, so the client writes it with an underscore.
      const expected = Object.keys(fields).map((field) => (field === "_default" ? "default" : field));
      assert.deepEqual(Object.keys(Object(await firstOf(path))).sort(), expected.sort());
    });
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
