"use strict";
// Frozen: the state of every stack refers to this path ("proxmox-authentik-sso/dynamic") and this signature.
// Installed as a dependency the compiled package runs; in a working copy the TypeScript sources do.
const { sep } = require("node:path");

const installed = __dirname.split(sep).includes("node_modules");
const load = (module) =>
  installed ? require(`./dist/${module}.js`) : require("./load.cjs").load(`./${module}.ts`);

load("providers/core/plugin").preparePlugin();

module.exports = (type) => load("providers/registry").providerFor(type);
