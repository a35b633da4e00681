import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { applicationDefinition } from "../../providers/authentik/application";
import { brandDefinition } from "../../providers/authentik/brand";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { readinessDefinition } from "../../providers/authentik/readiness";
import { serveLaterAuthentik, somePk } from "./later-authentik";
import { Life } from "./life";
import { providerOf } from "./simulators";

suite("options that the recorded authentik does not have yet, on a later one", () => {
  test("hide: changed, drifted, mended, removed", async (context) => {
    const { url, objects } = await serveLaterAuthentik(context, "2026.8.3");
    const base = { authentik: { url }, name: "Proxmox VE", slug: "ours" };
    const life = new Life(await providerOf(applicationDefinition));
    await life.create(base);
    assert.equal(await life.preview({ ...base, hide: true }), "update");
    await life.update({ ...base, hide: true });
    assert.equal(objects.get("core/applications")?.meta_hide, true);
    objects.set("core/applications", { ...objects.get("core/applications"), meta_hide: false });
    assert.equal((await life.refresh()).hide, false);
    assert.equal(await life.preview({ ...base, hide: true }), "update");
    await life.update({ ...base, hide: true });
    await life.update(base);
    assert.equal(objects.get("core/applications")?.meta_hide, false);
    await life.refresh();
    assert.equal(await life.preview(base), "nothing");
  });

  test("grantTypes: a set that is changed, drifted, mended, and stays when no longer given", async (context) => {
    const { url, objects } = await serveLaterAuthentik(context, "2026.8.3");
    const base = {
      authentik: { url },
      name: "ours",
      clientId: "client",
      clientSecret: "secret of the client",
      redirectUris: [{ url: "https://pve.example.com:8006" }],
      scopeMappings: [somePk],
    };
    const strict = { ...base, grantTypes: ["authorization_code"] };
    const life = new Life(await providerOf(oauth2ProviderDefinition));
    const stored = () => objects.get("providers/oauth2")?.grant_types;
    await life.create(base);
    await life.refresh();
    assert.equal(await life.preview(base), "nothing");
    assert.equal(await life.preview(strict), "update");
    await life.update(strict);
    assert.deepEqual(stored(), ["authorization_code"]);
    const grant_types = ["password", "authorization_code"];
    objects.set("providers/oauth2", { ...objects.get("providers/oauth2"), grant_types });
    await life.refresh();
    assert.equal(await life.preview(strict), "update");
    await life.update(strict);
    assert.deepEqual(stored(), ["authorization_code"]);
    await life.update(base);
    assert.deepEqual(stored(), ["authorization_code"]);
    await life.refresh();
    assert.equal(await life.preview(base), "nothing");
  });

  test("a brand's later flows and map: changed, drifted, mended, removed", async (context) => {
    const { url, objects } = await serveLaterAuthentik(context, "2026.8.3");
    const base = { authentik: { url }, domain: "auth.example.com" };
    const later = {
      ...base,
      lockdownFlow: somePk,
      requestFlow: somePk,
      userSwitchFlow: somePk,
      mapTiles: "https://tiles.example.com/{z}/{x}/{y}",
    };
    const stored = () => objects.get("core/brands");
    const fields = ["flow_lockdown", "flow_request", "flow_user_switch", "branding_map_tiles"];
    const life = new Life(await providerOf(brandDefinition));
    await life.create(later);
    assert.deepEqual(
      fields.map((field) => stored()?.[field]),
      [somePk, somePk, somePk, later.mapTiles],
    );
    for (const field of fields) {
      objects.set("core/brands", { ...stored(), [field]: null });
      await life.refresh();
      assert.equal(await life.preview(later), "update", field);
      await life.update(later);
    }
    await life.update(base);
    assert.deepEqual(
      fields.map((field) => stored()?.[field]),
      [null, null, null, ""],
    );
    await life.refresh();
    assert.equal(await life.preview(base), "nothing");
  });
});

test("an authentik that is too old is refused when it is ready", async (context) => {
  const { url } = await serveLaterAuthentik(context, "2024.10.5");
  const life = new Life(await providerOf(readinessDefinition));
  await assert.rejects(life.create({ authentik: { url } }), /this is authentik 2024\.10\.5, and 2024\.12/);
});
