// Runs all tests of test/unit in one process, which reads the libraries once for all of them.
const { readdirSync } = require("node:fs");
const { join } = require("node:path");

const folder = join(__dirname, "unit");
for (const file of readdirSync(folder, { recursive: true })) {
  if (file.endsWith(".test.ts")) require(join(folder, file));
}
