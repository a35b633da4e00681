// Builds the package's command, dist/cli.js. It contains the packages that only the commands need.
import { chmodSync, readFileSync } from "node:fs";
import { build } from "esbuild";

const outfile = "dist/cli.js";
const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

await build({
  entryPoints: ["cli/package-cli.ts"],
  bundle: true,
  platform: "node",
  target: "node20",
  external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
  banner: { js: "#!/usr/bin/env node" },
  outfile,
  logLevel: "warning",
});
chmodSync(outfile, 0o755);
