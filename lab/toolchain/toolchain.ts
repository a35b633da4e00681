import { delimiter, join } from "node:path";
import { cacheDir } from "../../cli/paths";
import { executableSuffix } from "./go-build";

export interface Toolchain {
  binDir: string;
  /** Pulumi home of the lab. The user's plugins and login stay unchanged. */
  pulumiHome: string;
}

export const pulumiHome = join(cacheDir, "pulumi-home");

/**
 * Each server has its own limit (`providers/http/client.ts`). With Pulumi's default, 4 per CPU, the queue of one
 * server would block the others.
 */
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
