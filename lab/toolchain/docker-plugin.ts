import { existsSync } from "node:fs";
import { join } from "node:path";
import { sizeOf } from "../setup/size-of";
import { watched } from "../setup/watched";
import { executableSuffix, goBuild } from "./go-build";
import { tryDownload } from "./refused";
import { pulumiCommand, type Toolchain, toolchainEnvironment } from "./toolchain";
import { dockerPluginVersion } from "./versions";

const idleMs = 2 * 60_000;

export const dockerPluginDownload = `Docker plugin ${dockerPluginVersion}`;

function pluginIn(pulumiHome: string): string {
  const folder = join(pulumiHome, "plugins", `resource-docker-v${dockerPluginVersion}`);
  return join(folder, `pulumi-resource-docker${executableSuffix}`);
}

export function hasDockerPlugin(pulumiHome: string): boolean {
  return existsSync(pluginIn(pulumiHome));
}

/** Installs the Docker plugin in the lab's Pulumi home. Returns whether anything was done. */
export async function ensureDockerPlugin(
  toolchain: Toolchain,
  say: (text: string) => void,
): Promise<boolean> {
  if (hasDockerPlugin(toolchain.pulumiHome)) return false;
  const plugin = pluginIn(toolchain.pulumiHome);
  const downloaded = await tryDownload(dockerPluginDownload, say, () =>
    watched(pulumiCommand(toolchain), ["plugin", "install", "resource", "docker", dockerPluginVersion], {
      env: toolchainEnvironment(toolchain),
      idleMs,
      progress: () => sizeOf(join(toolchain.pulumiHome, "plugins")),
    }),
  );
  if (downloaded) return true;
  say(`building the Docker plugin ${dockerPluginVersion} from Go modules (about 6 minutes the first time)`);
  await goBuild({ module: "pulumi-resource-docker", package: "." }, plugin, say);
  return true;
}
