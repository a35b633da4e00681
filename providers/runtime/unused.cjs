"use strict";
// Pulumi's SDK loads modules that this program does not use, which takes 0.5 s of CPU time: the TypeScript compiler
// and npm's package tree for serializing functions, and the Automation API. A proxy loads each of them at its first
// use.
const Module = require("node:module");
const { slower } = require("./slower.cjs");

const names = [
  "@npmcli/arborist",
  "normalize-package-data",
  "@pulumi/pulumi/typescript-shim",
  "@pulumi/pulumi/automation",
];

/** The names with which the SDK requires them, as patterns for esbuild. */
exports.unusedPatterns = names.map((name) => name.replace("@pulumi/pulumi", "*"));

/** @returns a function that gives the proxy for a module name of the SDK */
exports.withoutUnused = () => {
  const substitutes = new Map(names.map((name) => [name, substituteFor(name)]));
  return (name) => substitutes.get(name.replace(/^\.{1,2}\/(\.\.\/)*/, "@pulumi/pulumi/"));
};

function substituteFor(name) {
  const path = resolved(name);
  if (path === undefined) {
    slower(`this version of Pulumi's SDK has no ${name}`);
    return undefined;
  }
  if (require.cache[path]) return require.cache[path].exports;
  const substitute = new Module(path);
  substitute.exports = loadedWhenUsed(path);
  substitute.loaded = true;
  require.cache[path] = substitute;
  return substitute.exports;
}

/** The SDK's file for this name. Other versions of the SDK may not have it. */
function resolved(name) {
  try {
    return Module.createRequire(require.resolve("@pulumi/pulumi")).resolve(name);
  } catch {
    return undefined;
  }
}

function loadedWhenUsed(path) {
  let loaded;
  const real = () => {
    if (loaded === undefined) {
      delete require.cache[path];
      loaded = require(path);
    }
    return loaded;
  };
  return new Proxy(() => {}, {
    get: (_, key) => {
      // Without this property, TypeScript's helpers copy the module, which would load it.
      if (key === "__esModule") return true;
      return key === "default" && !real().__esModule ? real() : real()[key];
    },
    has: (_, key) => key in real(),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(real(), key);
      return descriptor && { ...descriptor, configurable: true };
    },
    set: (_, key, value) => Reflect.set(real(), key, value),
    apply: (_, self, args) => Reflect.apply(real(), self, args),
    construct: (_, args) => Reflect.construct(real(), args),
  });
}
