import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { brandDefinition } from "../../providers/authentik/brand";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";
import { type InputCase, testEachInput } from "./table";

const mark = "0123456789abcdef";
const [one, other] = ["default-authentication-flow", "default-invalidation-flow"];

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const made: Record<string, unknown> = {};
  const current = () => authentik.find("core/brands/?domain=auth.example.com");
  const patch = (fields: () => Properties) => async () => {
    await authentik.call("PATCH", `core/brands/${(await current()).brand_uuid}/`, fields());
  };
  const flows = ["authentication", "invalidation", "recovery", "unenrollment", "userSettings", "deviceCode"];
  const flowCases = Object.fromEntries(
    flows.map((name): [string, InputCase] => {
      const field = `flow_${name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`)}`;
      return [`${name}Flow`, { to: other, drift: patch(() => ({ [field]: made.flow })) }];
    }),
  );
  const base = () => ({
    authentik: authentik.connection,
    domain: "auth.example.com",
    default: false,
    title: "Ours",
    logo: "/ours.svg",
    favicon: "/ours.png",
    customCss: "",
    flowBackground: "/ours.jpg",
    ...Object.fromEntries(Object.keys(flowCases).map((key) => [key, one])),
    defaultApplication: made["first application"],
    webCertificate: made["first certificate"],
    clientCertificates: [],
    attributes: { settings: { locale: "de" } },
    ownershipMark: mark,
  });

  async function prepare(): Promise<void> {
    if (made.flow) return;
    made.flow = (await authentik.find("flows/instances/?slug=default-user-settings-flow")).pk;
    const { brand_uuid } = await authentik.find("core/brands/?default=true");
    await authentik.call("PATCH", `core/brands/${brand_uuid}/`, { default: false });
    for (const name of ["first", "second", "third"]) {
      const { pk } = await authentik.call("POST", "core/applications/", { name, slug: name });
      made[`${name} application`] = pk;
      const certificate = { common_name: name, validity_days: 10, alg: "ecdsa" };
      made[`${name} certificate`] = (
        await authentik.call("POST", "crypto/certificatekeypairs/generate/", certificate)
      ).pk;
    }
  }

  testEachInput({
    title: `Brand on authentik ${profile}`,
    definition: brandDefinition,
    base,
    prepare,
    foundBy: ["domain"],
    onServer: ({ pk }) => authentik.call("GET", `core/brands/${pk}/`),
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      default: { to: true, drift: patch(() => ({ default: true })) },
      domain: { to: "login.example.com", drift: patch(() => ({ domain: "x.example.com" })) },
      title: { to: "Login", drift: patch(() => ({ branding_title: "x" })) },
      logo: { to: "/other.svg", drift: patch(() => ({ branding_logo: "/x" })) },
      favicon: { to: "/other.png", drift: patch(() => ({ branding_favicon: "/x" })) },
      customCss: { to: "a { color: red }", drift: patch(() => ({ branding_custom_css: "x" })) },
      flowBackground: {
        to: "/other.jpg",
        drift: patch(() => ({ branding_default_flow_background: "/x" })),
      },
      ...flowCases,
      defaultApplication: {
        to: () => made["second application"],
        drift: patch(() => ({ default_application: made["third application"] })),
      },
      webCertificate: {
        to: () => made["second certificate"],
        drift: patch(() => ({ web_certificate: made["third certificate"] })),
      },
      clientCertificates: {
        to: () => [made["second certificate"], made["first certificate"]],
        drift: patch(() => ({ client_certificates: [made["third certificate"]] })),
      },
      attributes: {
        to: { theme: "dark" },
        drift: patch(() => ({ attributes: { settings: {}, proxmoxAuthentikSso: mark } })),
      },
      ownershipMark: {
        to: "fedcba9876543210",
        drift: patch(() => ({ attributes: { settings: { locale: "de" } } })),
      },
      adopt: { to: true, shows: "nothing" },
    },
    lacking: {
      lockdownFlow: { to: one, version: "2026.5" },
      requestFlow: { to: one, version: "2026.8" },
      userSwitchFlow: { to: one, version: "2026.8" },
      mapTiles: { to: "https://tiles.example.com/{z}/{x}/{y}", version: "2026.8" },
    },
  });

  suite(`Brand on authentik ${profile}: more cases`, () => {
    const life = async () => new Life(await providerOf(brandDefinition));
    const bare = () => ({ authentik: authentik.connection, domain: "auth.example.com" });

    test("resets an option that is removed from the config, and ignores options that were never set", async () => {
      await prepare();
      const brand = await life();
      await brand.create(bare());
      const fresh = await current();
      const given = { ...base(), clientCertificates: [made["first certificate"]] };
      await brand.update(given);
      assert.notDeepEqual(await current(), fresh);
      await brand.update(bare());
      assert.deepEqual(await current(), fresh);
      await patch(() => ({ branding_title: "by hand", flow_recovery: made.flow }))();
      await brand.refresh();
      assert.equal(await brand.preview(bare()), "nothing");
      await brand.delete();
    });

    test("refuses an existing brand, continues with its own, and with adopt changes only the given options", async () => {
      await prepare();
      const fields = { domain: "auth.example.com", branding_title: "Theirs", flow_recovery: made.flow };
      const { brand_uuid } = await authentik.call("POST", "core/brands/", fields);
      const brand = await life();
      const message = /A brand for "auth\.example\.com" exists already and was not made by this stack/;
      const given = { ...bare(), favicon: "/ours.png", ownershipMark: mark };
      await assert.rejects(brand.create(given), { name: "UserError", message });
      await brand.create({ ...given, adopt: true });
      assert.equal(brand.state.pk, brand_uuid);
      await (await life()).create({ ...given, title: "Ours" });
      const { branding_title, branding_favicon, flow_recovery } = await current();
      assert.deepEqual(
        { branding_title, branding_favicon, flow_recovery },
        { branding_title: "Ours", branding_favicon: "/ours.png", flow_recovery: made.flow },
      );
      await brand.delete();
      assert.deepEqual(
        Object(await authentik.call("GET", "core/brands/?domain=auth.example.com")).results,
        [],
      );
    });

    test("keeps the default brand when its resource is deleted", async () => {
      await prepare();
      const brand = await life();
      await brand.create({ ...bare(), default: true });
      await brand.delete();
      const { brand_uuid } = await current();
      assert.equal(brand_uuid, brand.state.pk);
      await authentik.call("DELETE", `core/brands/${brand_uuid}/`);
    });
  });
}
