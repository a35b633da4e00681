"use strict";
// Pulumi's SDK loads modules that nothing here uses, which takes 0.5 s of CPU: the TypeScript compiler and npm's tree
// of packages, to serialise functions, and the API that starts Pulumi. A stand-in loads each at its first use.
const Module = require("node:module");
const { slower } = require("./slower.cjs");

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

/** What the SDK finds under this name. Another version may do without it. */
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
      // TypeScript's helpers copy a module without this mark at once, and so would load it.
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
