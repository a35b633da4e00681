"use strict";
// Frozen: the state of every stack refers to this path ("proxmox-authentik-sso/dynamic") and this signature.
// Installed as a dependency the compiled package runs; in a working copy the TypeScript sources do.
const { sep } = require("node:path");

const installed = __dirname.split(sep).includes("node_modules");
const { preparePlugin, providerFor } = installed
  ? require("./dist/providers/plugin.js")
  : require("./load.cjs").load("./providers/plugin.ts");

preparePlugin();

module.exports = providerFor;
