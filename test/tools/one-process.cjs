// Loads test files into this process, which reads the libraries once for all of them.
const { resolve } = require("node:path");

for (const file of process.argv.slice(2)) require(resolve(file));
