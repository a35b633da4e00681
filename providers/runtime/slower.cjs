"use strict";
// The reason why the resources in this process start with Pulumi's own, slower plugin.

/** Passes the reason to the process of Pulumi's own plugin. */
const variable = "PROXMOX_AUTHENTIK_SSO_SLOWER";

let first = process.env[variable];
let isSaid = false;

/** @param {string} reason */
exports.slower = (reason) => {
  first ??= reason;
};

/** @param {string} reason */
exports.environmentWith = (reason) => ({ ...process.env, [variable]: reason });

/** @param {string} reason */
exports.warningOf = (reason) =>
  `warning: proxmox-authentik-sso works, but starts more slowly: ${reason} (providers/runtime/README.md).`;

/** Prints one line for all reasons, because the first often causes the others. */
exports.warnOnce = () => {
  if (first === undefined || isSaid) return;
  isSaid = true;
  console.error(exports.warningOf(first));
};
