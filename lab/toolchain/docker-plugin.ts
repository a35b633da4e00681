import { existsSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../../cli/process";
import { executableSuffix, goBuild } from "./go-build";
import { tryDownload } from "./refused";
import { pulumiCommand, type Toolchain, toolchainEnvironment } from "./toolchain";
import { dockerPluginVersion } from "./versions";

const downloadLimitMs = 3 * 60 * 1000;

/** Puts the Docker plugin into the lab's Pulumi home; says whether there was anything to do. */
export async function ensureDockerPlugin(
  toolchain: Toolchain,
  say: (text: string) => void,
): Promise<boolean> {
  const folder = join(toolchain.pulumiHome, "plugins", `resource-docker-v${dockerPluginVersion}`);
  const plugin = join(folder, `pulumi-resource-docker${executableSuffix}`);
  if (existsSync(plugin)) return false;
  const downloaded = await tryDownload(`Docker plugin ${dockerPluginVersion}`, say, () =>
    capture(pulumiCommand(toolchain), ["plugin", "install", "resource", "docker", dockerPluginVersion], {
      env: toolchainEnvironment(toolchain),
      timeoutMs: downloadLimitMs,
    }),
  );
  if (downloaded) return true;
  say(`building the Docker plugin ${dockerPluginVersion} from Go modules (about 6 minutes the first time)`);
  await goBuild({ module: "pulumi-resource-docker", package: "." }, plugin);
  return true;
}
