"use strict";
// As the program of the repository is loaded (pulumi.cjs).
module.exports = require("../../../../load.cjs").program("./test/e2e/hosts/program/databases.ts");
