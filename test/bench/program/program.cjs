"use strict";
// Loaded like the program of the repository (pulumi.cjs).
module.exports = require("../../../providers/runtime/program.cjs").program(
  "./test/bench/program/clusters.ts",
);
