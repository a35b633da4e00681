"use strict";
// The program is index.ts; ts-node, Pulumi's default, would type-check it in every preview.
module.exports = require("./load.cjs").program("./index.ts");
