// Creates the pictures of the docs: `npm run screenshots`.
import { join } from "node:path";
import { projectRoot } from "../../cli/paths";
import { asHtml } from "../../cli/show/as-html";
import type { Overview } from "../../cli/show/overview";
import { Lab, passwordOfAkadmin } from "../doctor/lab";
import { logInByClicks, withPage } from "./login";

const images = join(projectRoot, "docs", "images");
const tenYears = 3650 * 24 * 3600 * 1000;
const expires = new Date(Date.now() + tenYears);

/** The overview of the tutorial's lab after step 3. */
const overview: Overview = {
  stack: "dev",
  authentik: { url: "https://localhost:9443", version: "2026.8.7", certificates: [], drift: [] },
  clusters: [
    {
      name: "sso",
      realm: "authentik",
      addresses: ["https://localhost:8006"],
      issuer: "https://localhost:9443/application/o/proxmox/",
      proof: {
        summary:
          "A user that the proof made logged in through authentik (1 address checked), and was removed. Authentik refused it while it was in no group.",
        at: new Date().toISOString(),
      },
      certificates: [{ name: "Proxmox VE signing", expires }],
      isOpen: false,
      usersOnDelete: "keep",
      users: [],
      drift: [],
      groups: [
        { group: "authentik Admins", grants: ["Administrator on /"], members: ["akadmin"] },
        { group: "pve-users", grants: ["PVEVMUser on /vms"], members: ["alice"] },
      ],
    },
  ],
};

async function main(): Promise<void> {
  await withPage(async (page) => {
    await page.setContent(asHtml(overview));
    await page.screenshot({ path: join(images, "show.png"), fullPage: true });
  });
  const lab = await Lab.start();
  try {
    await withPage((page) =>
      logInByClicks(lab.proxmox.url, passwordOfAkadmin, page, (name) =>
        page.screenshot({ path: join(images, `login-${name}.png`) }),
      ),
    );
  } finally {
    await lab.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
