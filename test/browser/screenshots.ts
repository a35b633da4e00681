// Makes the pictures of the docs: `npm run screenshots`.
import { join } from "node:path";
import { projectRoot } from "../../cli/paths";
import { Lab, passwordOfAkadmin } from "../doctor/lab";
import { logInByClicks, withPage } from "./login";

async function main(): Promise<void> {
  const lab = await Lab.start();
  try {
    await withPage((page) =>
      logInByClicks(lab.proxmox.url, passwordOfAkadmin, page, (name) =>
        page.screenshot({ path: join(projectRoot, "docs", "images", `login-${name}.png`) }),
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
