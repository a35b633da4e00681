// Runs all tests of a folder in one process, which reads the libraries once for all of them.
const { readdirSync } = require("node:fs");
const { join } = require("node:path");

exports.runFolder = (name) => {
  const folder = join(__dirname, "..", name);
  for (const file of readdirSync(folder, { recursive: true }).sort()) {
    if (file.endsWith(".test.ts")) require(join(folder, file));
  }
};
