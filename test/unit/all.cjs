// Runs all tests of this folder in one process, which reads the libraries once for all of them.
const { readdirSync } = require("node:fs");
const { join } = require("node:path");

for (const file of readdirSync(__dirname, { recursive: true })) {
  if (file.endsWith(".test.ts")) require(join(__dirname, file));
}
