"use strict";
// As the program of the repository is loaded (pulumi.cjs).
module.exports = require("../../../load.cjs").program("./test/bench/program/clusters.ts");
