import { readFileSync } from "node:fs";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

/** esbuild's options for the package's command. It contains the packages that only the commands need. */
export const bundleOptions = {
  entryPoints: ["cli/package-cli.ts"],
  bundle: true,
  platform: "node",
  target: "node20",
  external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
  banner: { js: "#!/usr/bin/env node" },
  outfile: "dist/cli.js",
  logLevel: "warning",
};
