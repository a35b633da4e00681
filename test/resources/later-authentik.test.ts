import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { brandDefinition } from "../../providers/authentik/brand";
import { readinessDefinition } from "../../providers/authentik/readiness";
import { serveLaterAuthentik, somePk } from "./later-authentik";
import { Life } from "./life";
import { providerOf } from "./simulators";

suite("options that the simulated authentik does not have yet, on a later one", () => {
  test("a brand's later flows and map: changed, drifted, corrected, removed", async (context) => {
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

test("an authentik that is too old is refused as soon as it is ready", async (context) => {
  const { url } = await serveLaterAuthentik(context, "2024.10.5");
  const life = new Life(await providerOf(readinessDefinition));
  await assert.rejects(life.create({ authentik: { url } }), /this is authentik 2024\.10\.5, and 2024\.12/);
});
