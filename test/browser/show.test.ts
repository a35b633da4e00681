import assert from "node:assert/strict";
import { before, test } from "node:test";
import { issueCertificate } from "../../pki/certificate";
import { asHtml } from "../../scripts/show/as-html";
import { asText } from "../../scripts/show/as-text";
import { type Overview, overviewOf } from "../../scripts/show/overview";
import { withPage } from "./login";

const component = "urn:pulumi:prod::sso::proxmox-authentik-sso:index:ProxmoxAuthentikSso::sso";
let overview: Overview;

before(async () => {
  const { certificate } = await issueCertificate({
    commonName: "signing",
    subjectAltNames: [],
    validityDays: 20,
    keySize: 2048,
  });
  const made = (type: string, outputs: object, modified = "2026-11-24T01:02:03Z") => ({
    urn: `${component}$${type}`,
    type: `pulumi-nodejs:dynamic/${type}`,
    parent: component,
    modified,
    outputs,
  });
  overview = overviewOf("prod", {
    deployment: {
      resources: [
        { urn: component, type: "proxmox-authentik-sso:index:ProxmoxAuthentikSso" },
        made("authentik:Certificate", { name: "signing", certificatePem: certificate }),
        made("proxmox:Acl", { path: "/", role: "PVEAdmin", groups: ["<admins>-authentik"] }),
        made("sso:LoginProof", {
          realm: "authentik",
          redirectUris: ["https://pve1.example.com:8006"],
          issuerUrl: "https://auth.example.com/application/o/proxmox/",
          summary: '"alice@authentik" logged in',
        }),
      ],
    },
  });
});

test("npm run show tells realm, permissions, last proof and expiry", () => {
  const text = asText(overview);
  assert.match(text, /authentik {2}https:\/\/auth\.example\.com\n/);
  assert.match(text, /Realm authentik\n {2}Open {8}https:\/\/pve1\.example\.com:8006/);
  assert.match(text, /<admins>-authentik: PVEAdmin on \//);
  assert.match(text, /Last proof {2}2026-11-24T01:02:03Z: "alice@authentik" logged in/);
  assert.match(text, /signing: (19|20) days left/);
});

test("its page is whole in a browser, without any other request", async () => {
  await withPage(async (page) => {
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.setContent(asHtml(overview));
    assert.deepEqual(requests, []);
    await page.getByRole("img", { name: /People log in to Proxmox/ }).waitFor();
    await page.getByText("<admins>-authentik: PVEAdmin on /").waitFor();
    assert.match((await page.locator(".soon").textContent()) ?? "", /days left/);
    const isTooWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
    assert.equal(isTooWide, false);
    if (process.env.SHOW_PNG) await page.screenshot({ path: process.env.SHOW_PNG, fullPage: true });
  });
});
