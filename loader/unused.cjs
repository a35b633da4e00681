"use strict";
// What Pulumi's SDK loads although nothing here uses it, 0.5 s of CPU: the TypeScript compiler and npm's tree of packages,
// to serialise functions, and the API that starts Pulumi itself. It is loaded when somebody does use it.
const Module = require("node:module");

const names = [
  "@npmcli/arborist",
  "normalize-package-data",
  "@pulumi/pulumi/typescript-shim",
  "@pulumi/pulumi/automation",
];

/** Under which names the SDK requires them, as patterns of esbuild. */
exports.unusedPatterns = names.map((name) => name.replace("@pulumi/pulumi", "*"));

/** @returns what stands for a module that the SDK requires by this name */
exports.withoutUnused = () => {
  const substitutes = new Map(names.map((name) => [name, loadWhenUsed(name)]));
  return (name) => substitutes.get(name.replace(/^\.{1,2}\/(\.\.\/)*/, "@pulumi/pulumi/"));
};

// What a package is found as from Pulumi's SDK. A later SDK may do without it.
function loadWhenUsed(name) {
  const path = resolved(name);
  if (path === undefined) return undefined;
  if (require.cache[path]) return require.cache[path].exports;
  const substitute = new Module(path);
  const real = () => {
    delete require.cache[path];
    return require(path);
  };
  // `__esModule` keeps importers from copying it.
  substitute.exports = new Proxy({}, { get: (_, key) => key === "__esModule" || real()[key] });
  substitute.loaded = true;
  require.cache[path] = substitute;
  return substitute.exports;
}

function resolved(name) {
  try {
    return Module.createRequire(require.resolve("@pulumi/pulumi")).resolve(name);
  } catch {
    return undefined;
  }
}
