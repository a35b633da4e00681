"use strict";
// Starts a program of this working copy for Pulumi.
const { loadProgram } = require("./sources.cjs");

/**
 * The engine starts the plugin when the program registers its provider. This takes as long as loading the rest of
 * the program. The provider is therefore registered first, and the pause sends the request.
 * @param {string} source path of the program, from the root
 */
exports.program = (source) =>
  loadProgram(
    source,
    `require("./providers/runtime/startedProvider.ts");
    module.exports = async () => {
      await new Promise(setImmediate);
      return require(${JSON.stringify(source)});
    };`,
  );
