"use strict";
// Why the resources start in Pulumi's own way in this process, which is slower.

/** Passes the reason on to the process that Pulumi's own plugin runs in. */
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

/** One line, however many reasons there are: the first one often causes the others. */
exports.warnOnce = () => {
  if (first === undefined || isSaid) return;
  isSaid = true;
  console.error(exports.warningOf(first));
};
