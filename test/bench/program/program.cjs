"use strict";
// As the program of the repository is loaded (pulumi.cjs).
module.exports = require("../../../providers/runtime/program.cjs").program(
  "./test/bench/program/clusters.ts",
);
