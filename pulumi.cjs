"use strict";
// The program is index.ts. This file stays here, because Pulumi takes the folder of `main` for the program's folder:
// paths in the config start there.
module.exports = require("./providers/runtime/program.cjs").program("./index.ts");
