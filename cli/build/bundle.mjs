// Builds the package's command, dist/cli.js.
import { chmodSync } from "node:fs";
import { build } from "esbuild";
import { bundleOptions } from "./bundle-options.mjs";

await build(bundleOptions);
chmodSync(bundleOptions.outfile, 0o755);
