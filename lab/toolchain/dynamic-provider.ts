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
 * The plugin of dynamic resources is JavaScript inside @pulumi/pulumi. The official distribution has a small
 * launcher for it next to the CLI. Pulumi starts it in the project's directory.
 */
export async function writeDynamicProviderLauncher(binDir: string): Promise<void> {
  const isWindows = process.platform === "win32";
  const launcher = join(binDir, `pulumi-resource-pulumi-nodejs${isWindows ? ".cmd" : ""}`);
  await writeLauncher(launcher, isWindows ? windows : posix);
}
