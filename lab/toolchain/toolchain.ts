import { delimiter, join } from "node:path";
import { cacheDir } from "../../cli/paths";
import { executableSuffix } from "./go-build";

export interface Toolchain {
  binDir: string;
  /** The lab's own: the user's plugins and login are left alone. */
  pulumiHome: string;
}

export const pulumiHome = join(cacheDir, "pulumi-home");

/** Each server has a limit of its own (`providers/http/client.ts`): by Pulumi's default, 4 for each CPU, one server's queue holds up the others. */
const resourcesAtOnce = "64";

export function pulumiCommand(toolchain: Toolchain): string {
  return join(toolchain.binDir, `pulumi${executableSuffix}`);
}

export function toolchainEnvironment(toolchain: Toolchain): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${toolchain.binDir}${delimiter}${process.env.PATH ?? ""}`,
    PULUMI_HOME: toolchain.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_PARALLEL: process.env.PULUMI_PARALLEL ?? resourcesAtOnce,
  };
}
