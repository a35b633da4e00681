import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { suite, type TestContext, test } from "node:test";
import { CURRENT } from "../../lab/authentik/profile";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { serve } from "../unit/providers/http/server";
import { Life } from "./life";
import { AuthentikSimulator, providerOf } from "./simulators";

const authentik = new AuthentikSimulator(CURRENT);

const hidings: [name: string, hide: (body: string, method?: string) => string][] = [
  ["left out", (body) => body.replace(/"client_secret":"[^"]*",?/g, "")],
  ["null", (body) => body.replace(/"client_secret":"[^"]*"/g, '"client_secret":null')],
  [
    "told to a read only",
    (body, method) => (method === "GET" ? body : body.replace(/"client_secret":"[^"]*",?/g, "")),
  ],
  ["masked", (body) => body.replace(/"client_secret":"[^"]*"/g, '"client_secret":"**********"')],
];

/** The simulated authentik, except that its answers contain no client secrets. */
async function serveSecretive(context: TestContext, hide: (typeof hidings)[number][1]): Promise<string> {
  const { url } = await serve(context, async (request, response) => {
    const body = await text(request);
    const answer = await fetch(`${authentik.running.httpUrl}${request.url}`, {
      method: request.method ?? "GET",
      headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
      ...(body && { body }),
    });
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(hide(await answer.text(), request.method));
  });
  return url;
}

suite("an authentik that does not return client secrets", () => {
  for (const [name, hide] of hidings) {
    test(`${name}: created, refreshed without drift, rotated, adopted with our secret`, async (context) => {
      const url = await serveSecretive(context, hide);
      const stored = async () =>
        (await authentik.find("providers/oauth2/?client_id=secretive")).client_secret;
      const base = {
        authentik: { url },
        name: "Proxmox",
        clientId: "secretive",
        clientSecret: "ours",
        redirectUris: [{ url: "https://pve.example.com:8006", matchingMode: "strict" }],
      };
      const life = new Life(await providerOf(oauth2ProviderDefinition));
      await life.create(base);
      assert.equal(await stored(), "ours");
      await life.refresh();
      assert.equal(await life.preview(base), "nothing");

      const rotated = { ...base, clientSecret: "rotated" };
      assert.equal(await life.preview(rotated), "update");
      await life.update(rotated);
      assert.equal(await stored(), "rotated");

      const other = new Life(await providerOf(oauth2ProviderDefinition));
      await other.create({ ...base, clientSecret: "taken over", adopt: true });
      assert.equal(await stored(), "taken over");
      await other.delete();
    });
  }
});
