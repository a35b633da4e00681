"use strict";
// As the program of the repository is loaded (pulumi.cjs).
module.exports = require("../../load.cjs")("./bench/program/clusters.ts");
