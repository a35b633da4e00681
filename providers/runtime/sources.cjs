"use strict";
// Loads TypeScript sources of a working copy, with the packages that they use, as one kept file: hundreds of files take
// more than half a second, in the program and again in the plugin (docs/performance.md).
const { sep } = require("node:path");
const { bundleOf, cannotKeep, runBundle } = require("./bundle.cjs");
const { slower, warningOf } = require("./slower.cjs");
const { runUnbundled } = require("./unbundled.cjs");
const { withoutUnused } = require("./unused.cjs");

/** Other processes than the plugin have loaded Pulumi's SDK already, and there may be only one. */
const external = ["@pulumi/*"];

/** The compiled package runs where it is a dependency; the TypeScript sources run in a working copy. */
exports.isInstalled = __dirname.split(sep).includes("node_modules");

/** @param {string} source path from the root */
exports.load = (source) => {
  const entry = `module.exports = require(${JSON.stringify(source)});`;
  const { bundle, reason } = attempt(source, entry);
  if (reason) slower(reason.text);
  else if (!bundle.isKept) slower(cannotKeep);
  return bundle ? runBundle(bundle, () => undefined) : runUnbundled(entry);
};

/**
 * Loads a whole program, whose process is its own.
 * @param {string} name of the kept file
 * @param {string} entry code that requires the sources
 */
exports.loadProgram = (name, entry) => {
  const { bundle, reason } = attempt(name, entry);
  if (reason) {
    // The plugin warns of an esbuild that is missing or broken.
    if (reason.isOfTheseSources) console.error(warningOf(reason.text));
    return runUnbundled(entry);
  }
  const substituteOf = withoutUnused();
  // Pulumi takes the stack of every promise and maps it to sources, which takes 0.4 s in all; the bundle has no map.
  Error.prepareStackTrace = undefined;
  return runBundle(bundle, substituteOf);
};

function attempt(name, entry) {
  try {
    return { bundle: bundleOf({ name, entry, external }) };
  } catch (error) {
    return { reason: { text: reasonOf(error), isOfTheseSources: Array.isArray(error.errors) } };
  }
}

/** @param {Error & { code?: string }} error of `bundleOf` */
function reasonOf(error) {
  if (error.message === cannotKeep) return cannotKeep;
  if (error.code === "MODULE_NOT_FOUND") return "esbuild is not installed, npm ci installs it";
  return `esbuild fails: ${error.message.trim().replaceAll("\n", " ").slice(0, 300)}`;
}
exports.reasonOf = reasonOf;
