"use strict";
// tsx runs the sources as they are; ts-node, Pulumi's default, type-checks them in every preview.
require("tsx/cjs");
module.exports = require("./index.ts");
