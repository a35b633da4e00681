"use strict";
// Frozen: the state of every stack refers to this path ("proxmox-authentik-sso/dynamic") and this signature.
const { isInstalled, load } = require("./load.cjs");

const { preparePlugin, providerFor } = isInstalled
  ? require("./dist/providers/plugin.js")
  : load("./providers/plugin.ts");

preparePlugin();

module.exports = providerFor;
