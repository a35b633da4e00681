import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { readinessDefinition } from "../../providers/authentik/readiness";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";

suite("an authentik whose default objects were deleted or renamed", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const authorization = "default-provider-authorization-implicit-consent";

  async function ready(waitSeconds: number): Promise<unknown> {
    const life = new Life(await providerOf(readinessDefinition));
    await life.create({ authentik: authentik.connection, waitSeconds });
    return life.state.version;
  }

  async function provider(name: string, flows: Properties = {}): Promise<Life> {
    const life = new Life(await providerOf(oauth2ProviderDefinition));
    const client = { clientId: name, clientSecret: "secret" };
    const redirectUris = [{ url: "https://pve.example.com:8006" }];
    await life.create({ authentik: authentik.connection, name, ...client, redirectUris, ...flows });
    return life;
  }

  test("fails at once instead of waiting for a token that cannot exist", { timeout: 60_000 }, async () => {
    const wrong = new Life(await providerOf(readinessDefinition, { authentikToken: "of-another-database" }));
    const inputs = { authentik: authentik.connection, waitSeconds: 600, bootstraps: false };
    await assert.rejects(
      wrong.create(inputs),
      /without bootstrap values it creates none\. If its database is empty.*Set `authentikBootstrap` to true/,
    );
    const right = new Life(await providerOf(readinessDefinition));
    await right.create(inputs);
    assert.equal(right.state.version, "2026.5.0-rc1");
  });

  test("is ready, and only the resource that uses a missing flow reports it, with the existing ones", async () => {
    const changed = { slug: "renamed-consent" };
    await authentik.call("PATCH", `flows/instances/${authorization}/`, changed);
    assert.equal(await ready(0), "2026.5.0-rc1");
    assert.equal(await ready(5), "2026.5.0-rc1");
    await assert.rejects(provider("lost"), {
      name: "UserError",
      message:
        /has no flow "default-provider-authorization-implicit-consent": it was deleted or renamed.*`authorizationFlow`.*for authorization .*renamed-consent.*; for invalidation default-/,
    });
    const named = await provider("named", { authorizationFlow: "renamed-consent" });
    assert.equal(named.state.authorizationFlow, "renamed-consent");
  });

  test("is ready without a default brand, at once if it runs already", async () => {
    const { brand_uuid } = await authentik.find("core/brands/?default=true");
    await authentik.call("PATCH", `core/brands/${brand_uuid}/`, { default: false });
    assert.equal(await ready(5), "2026.5.0-rc1");
    await authentik.call("DELETE", `core/brands/${brand_uuid}/`);
    assert.equal(await ready(0), "2026.5.0-rc1");
  });

  test("is not ready while it has no flow, and a provider reports that", async () => {
    const { results } = await authentik.call("GET", "flows/instances/");
    for (const { slug } of Object.values(Object(results)).map(Object)) {
      await authentik.call("DELETE", `flows/instances/${slug}/`);
    }
    await assert.rejects(ready(1), /authentik is not ready after .*has not created the default flows yet/);
    await assert.rejects(
      provider("early", { authorizationFlow: "made-later" }),
      /has no flow "made-later" and no other one: its worker has not created/,
    );
  });
});
