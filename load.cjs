"use strict";
// Loads TypeScript sources, with the packages that they use, as one kept file: hundreds take more than half a second,
// in the program and again in the plugin (docs/performance.md).
const { sep } = require("node:path");
const { canKeep, runBundle } = require("./loader/bundle.cjs");
const { unusedPatterns, withoutUnused } = require("./loader/unused.cjs");

const resources = "./providers/plugin.ts";
const pulumiPlugin = "@pulumi/pulumi/cmd/dynamic-provider";
/** How long Pulumi's plugin takes to listen, in milliseconds. */
const untilListening = 20;
/** The plugin's bundle has the resources, too. */
let loadBundledResources;

/** Installed as a dependency the compiled package runs; in a working copy the TypeScript sources do. */
exports.isInstalled = __dirname.split(sep).includes("node_modules");

exports.load = (source) =>
  source === resources && loadBundledResources
    ? loadBundledResources()
    : run(source, `module.exports = require(${JSON.stringify(source)});`);

// A program for Pulumi. Its plugin takes as long to start as the program to load, so that both happen at once: the
// plugin's resource is registered first, and there is a moment to send that to the engine.
exports.program = (source) =>
  run(
    source,
    `require("./providers/core/startedPlugin.ts");
    module.exports = async () => {
      await new Promise(setImmediate);
      return require(${JSON.stringify(source)});
    };`,
  );

// Pulumi's plugin for dynamic resources. The engine waits for it to listen; then there is time to load the resources.
exports.plugin = () => {
  if (exports.isInstalled || !canKeep()) {
    withoutUnused();
    require(pulumiPlugin);
    return;
  }
  const entry = `exports.load = () => require(${JSON.stringify(resources)}); require(${JSON.stringify(pulumiPlugin)});`;
  loadBundledResources = run("plugin", entry, unusedPatterns).load;
  setTimeout(() => loadBundledResources().preparePlugin(), untilListening);
};

/** @param external The plugin's bundle has Pulumi's SDK; in other processes Pulumi has loaded it, and there may be only one. */
function run(name, entry, external = ["@pulumi/*"]) {
  const substituteOf = withoutUnused();
  // Pulumi takes the stack of every promise and maps it to sources, 0.4 s in all; the bundle has no map.
  Error.prepareStackTrace = undefined;
  return runBundle({ name, entry, external, substituteOf });
}
