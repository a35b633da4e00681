"use strict";
// The resources of a plugin that ./plugin.cjs started. Undefined in any other process.

let load;

/** @param {() => object} loadResources */
exports.setOwnResources = (loadResources) => {
  load = loadResources;
};

exports.ownResources = () => load?.();
