"use strict";
// The resources of the plugin that ./plugin.cjs has started; none in any other process.

let load;

/** @param {() => object} loadResources */
exports.setOwnResources = (loadResources) => {
  load = loadResources;
};

exports.ownResources = () => load?.();
