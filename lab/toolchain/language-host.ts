import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { executableSuffix, goBuild } from "./go-build";
import { writeLauncher } from "./launcher";
import { builtLanguageHostVersion } from "./versions";

const name = "pulumi-language-nodejs";

/**
 * This host reads the project's runtime options from flags, which the current CLI no longer passes. Without them,
 * `typescript: false` is ignored, and Pulumi loads the TypeScript compiler unnecessarily.
 */
const launcher = `#!/bin/sh
if grep -q '^ *typescript: false' Pulumi.yaml 2>/dev/null; then set -- -typescript=false "$@"; fi
exec "$(dirname "$0")/../language-host/${name}" "$@"
`;

/** Builds the language host for JavaScript and TypeScript, and installs it next to the CLI. */
export async function ensureLanguageHost(binDir: string, say: (text: string) => void): Promise<void> {
  const nextToCli = join(binDir, `${name}${executableSuffix}`);
  const isWindows = process.platform === "win32";
  const host = isWindows ? nextToCli : join(dirname(binDir), "language-host", name);
  if (!existsSync(host)) {
    say(`building the Node.js language host ${builtLanguageHostVersion} from Go modules (about 1 minute)`);
    await goBuild({ module: name, package: `github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/${name}` }, host, say);
  }
  if (isWindows) return;
  await writeLauncher(nextToCli, launcher);
}
