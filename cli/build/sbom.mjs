// Writes the software bill of materials of the published package, in CycloneDX: `npm run sbom`. npm lists the packages
// that users install with it. The command also contains others, which are only in devDependencies.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { bundleOptions } from "./bundle-options.mjs";

const file = process.argv[2] ?? "sbom.cdx.json";
const { name } = JSON.parse(readFileSync("package.json", "utf8"));

/** The packages in the command, as `name@version`. */
async function bundled() {
  const { metafile } = await build({ ...bundleOptions, write: false, metafile: true });
  const folders = Object.keys(metafile.inputs).flatMap((path) => {
    const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path) ?? [];
    return folder ?? [];
  });
  const packages = [...new Set(folders)].map((folder) =>
    JSON.parse(readFileSync(`${folder}/package.json`, "utf8")),
  );
  return new Set(packages.map((one) => `${one.name}@${one.version}`));
}

const isOnlyForDevelopment = ({ properties = [] }) =>
  properties.some((property) => property.name === "cdx:npm:package:development" && property.value === "true");

const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
const options = { encoding: "utf8", maxBuffer: 64 << 20, shell: process.platform === "win32" };
const bom = JSON.parse(execFileSync("npm", args, options));
const inCommand = await bundled();
const components = bom.components.filter(
  (component) => !isOnlyForDevelopment(component) || inCommand.has(component["bom-ref"]),
);
const root = bom.metadata.component;
const kept = new Set([root["bom-ref"], ...components.map((component) => component["bom-ref"])]);
const dependencies = bom.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
// npm takes the name from the folder.
const metadata = { ...bom.metadata, component: { ...root, name } };
writeFileSync(file, `${JSON.stringify({ ...bom, metadata, components, dependencies }, undefined, 2)}\n`);
console.log(`${file} lists ${components.length} packages, ${inCommand.size} of them in the command.`);
