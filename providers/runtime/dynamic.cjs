"use strict";
// Do not rename: every state refers to this file as "proxmox-authentik-sso/dynamic", and calls it with a type. It
// runs in the process of dynamic resources, which is Pulumi's own unless ./plugin.cjs has started it.
const { ownResources } = require("./own.cjs");
const { slower, warnOnce } = require("./slower.cjs");
const { isInstalled, load } = require("./sources.cjs");

module.exports = providerFor();

function providerFor() {
  const own = ownResources();
  if (own) {
    own.prepareOwnPlugin();
    warnOnce();
    return own.providerFor;
  }
  const shared = isInstalled
    ? require("../../dist/providers/runtime/resources.js")
    : load("./providers/runtime/resources.ts");
  shared.stopWithTheEngine();
  if (!isInstalled) {
    slower("Pulumi.yaml does not name the plugin in providers/runtime/plugin");
    warnOnce();
  }
  return shared.providerFor;
}
