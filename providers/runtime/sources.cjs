"use strict";
// Loads the TypeScript sources of a working copy and their packages from one cached file. Loading hundreds of files
// takes more than half a second, in the program and in the plugin (docs/performance.md).
const { sep } = require("node:path");
const { bundleOf, cannotKeep, runBundle } = require("./bundle.cjs");
const { slower, warningOf } = require("./slower.cjs");
const { runUnbundled } = require("./unbundled.cjs");
const { withoutUnused } = require("./unused.cjs");

/** Processes other than the plugin have already loaded Pulumi's SDK, and a process can have only one. */
const external = ["@pulumi/*"];

/** As a dependency, the compiled package runs. In a working copy, the TypeScript sources run. */
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
 * Loads a whole program in its own process.
 * @param {string} name of the cached file
 * @param {string} entry code that requires the sources
 */
exports.loadProgram = (name, entry) => {
  const { bundle, reason } = attempt(name, entry);
  if (reason) {
    // If esbuild is missing or broken, the plugin warns.
    if (reason.isOfTheseSources) console.error(warningOf(reason.text));
    return runUnbundled(entry);
  }
  const substituteOf = withoutUnused();
  // Pulumi maps the stack of every promise to sources, which takes 0.4 s in total. The bundle has no source map.
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
