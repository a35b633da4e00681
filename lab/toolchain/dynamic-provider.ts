import { join } from "node:path";
import { writeLauncher } from "./launcher";

const posix = `#!/bin/sh
script=$(node -p "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')") || exit 1
exec node "$script" "$@"
`;

const windows = `@echo off
for /f "delims=" %%i in ('node -p "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')"') do node "%%i" %*
`;

/**
 * The plugin that runs dynamic resources is JavaScript inside @pulumi/pulumi: the official distribution
 * has a small launcher for it beside the CLI. Pulumi starts it in the project's folder.
 */
export async function writeDynamicProviderLauncher(binDir: string): Promise<void> {
  const isWindows = process.platform === "win32";
  const launcher = join(binDir, `pulumi-resource-pulumi-nodejs${isWindows ? ".cmd" : ""}`);
  await writeLauncher(launcher, isWindows ? windows : posix);
}
