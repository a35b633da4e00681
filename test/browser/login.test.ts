import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Lab, passwordOfAkadmin } from "../doctor/lab";
import { logInByClicks, withPage } from "./login";

describe("a login in a real browser", { concurrency: 1, timeout: 60_000 }, () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.start();
  });
  after(() => lab.stop());

  it("goes from Proxmox's page through authentik's pages and back to Proxmox", async () => {
    await withPage(async (page) => {
      await logInByClicks(lab.proxmox.url, passwordOfAkadmin, page);
      assert.equal(new URL(page.url()).origin, lab.proxmox.url);
      assert.equal(await page.locator("#user").textContent(), "akadmin@authentik");
      // The browser's history must not contain code and state of the login.
      assert.equal(new URL(page.url()).search, "");
    });
  });

  it("ends on authentik's page if the address is not a redirect URI", async () => {
    await lab.inAuthentik.redirectUris({
      matching_mode: "strict",
      url: "https://elsewhere.example.com:8006",
    });
    await withPage(async (page) => {
      await page.goto(lab.proxmox.url);
      await page.getByLabel("Realm").selectOption("authentik (single sign-on)");
      await page.getByRole("button", { name: "Login (OpenID redirect)" }).click();
      await page.getByText("Redirect URI Error").first().waitFor();
      assert.equal(new URL(page.url()).origin, lab.origin);
    });
  });
});
