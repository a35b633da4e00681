"use strict";
// Runs an entry from separate source files if they cannot be bundled.
const { existsSync, readFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const root = join(__dirname, "..", "..");
const compiled = join(root, "dist");

/** @param {string} entry code that requires sources by their path from the root */
exports.runUnbundled = (entry) => {
  const file = join(root, "entry.cjs");
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(root);
  module._compile(canCompile() ? entry : ofCompiled(entry), file);
  return module.exports;
};

/** Lets Node.js require TypeScript files, without type checks. */
function canCompile() {
  let typescript;
  try {
    typescript = require("typescript");
  } catch {
    return false;
  }
  const { ModuleKind, ScriptTarget, transpileModule } = typescript;
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  Module._extensions[".ts"] = (module, fileName) => {
    const source = readFileSync(fileName, "utf8");
    module._compile(transpileModule(source, { fileName, compilerOptions }).outputText, fileName);
  };
  return true;
}

/** The package contains the compiled sources. */
function ofCompiled(entry) {
  if (!existsSync(compiled)) {
    throw new Error(
      "Neither esbuild nor TypeScript is installed, and one of them has to load the sources. Run: npm ci",
    );
  }
  return entry.replace(/"\.\/([^"]+)\.ts"/g, '"./dist/$1.js"');
}
