"use strict";
// Bundles sources, caches the bundle until a source changes, and runs it. V8's compiled code is added to the file
// half a second later, because compiling takes longer than running. (Node.js 22 has module.enableCompileCache for
// this; Node.js 20 does not.)
const {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

const root = join(__dirname, "..", "..");
const folder = join(root, "node_modules", ".cache", "proxmox-authentik-sso");
// A change in these files invalidates the bundle.
const makers = ["providers/runtime/bundle.cjs", "tsconfig.json"];

exports.cannotKeep = `${folder} cannot be written`;

/**
 * @param name of the cached file
 * @param entry code that requires the sources
 * @param external modules that the bundle requires at run time
 * @param mustBeKept whether bundling takes too long to be repeated in every run
 * @throws an error of esbuild, or `cannotKeep`
 */
exports.bundleOf = ({ name, entry, external, mustBeKept = false }) => {
  const file = join(folder, `${name.replace(/^\.\//, "").replaceAll("/", "-")}.cjs`);
  const bundle = kept(file, entry);
  if (bundle) return { file, ...bundle, isKept: true };
  const isKept = canKeep();
  if (mustBeKept && !isKept) throw new Error(exports.cannotKeep);
  return { file, ...bundled(file, entry, external), isKept };
};

function canKeep() {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param bundle result of `bundleOf`
 * @param substituteOf returns the replacement of a module that is required at run time
 */
exports.runBundle = ({ file, ...bundle }, substituteOf) => {
  const script = new Script(Module.wrap(bundle.code), { filename: file, cachedData: bundle.compiled });
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(folder);
  const requireFrom = Module.createRequire(file);
  const requireHere = Object.assign((id) => substituteOf(id) ?? requireFrom(id), requireFrom);
  script.runInThisContext().call(module.exports, module.exports, requireHere, module, file, folder);
  // V8 rejects code that another version of Node.js compiled.
  if (bundle.compiled === undefined || script.cachedDataRejected) {
    setTimeout(() => keep(file, { ...bundle, compiled: script.createCachedData() }), 500).unref();
  }
  return module.exports;
};

// The file contains a line with the sources, their sizes and times, then the code, then V8's compiled code.
function kept(file, entry) {
  try {
    const content = readFileSync(file);
    const end = content.indexOf("\n") + 1;
    const { sources, length, ...made } = JSON.parse(content.toString("utf8", 0, end));
    if (made.root !== root || made.entry !== entry || !isCurrent(sources)) return undefined;
    const code = content.toString("latin1", end, end + length);
    if (code.length !== length) return undefined;
    const compiled = content.subarray(end + length);
    return { entry, sources, code, compiled: compiled.length > 0 ? compiled : undefined };
  } catch {
    return undefined;
  }
}

function bundled(file, entry, external) {
  const begun = Date.now();
  const { outputFiles, metafile } = require("esbuild").buildSync({
    stdin: { contents: entry, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    charset: "ascii",
    // Code in a vm.Script has no `import()`, but it has `require`.
    supported: { "dynamic-import": false },
    logLevel: "silent",
    external,
  });
  const paths = [...Object.keys(metafile.inputs).filter((path) => path !== "<stdin>"), ...makers];
  const sources = Object.fromEntries(paths.map((path) => [path, stateOf(path)]));
  const bundle = { entry, sources, code: outputFiles[0].text };
  const wasChangedMeanwhile = paths.some((path) => statSync(join(root, path)).mtimeMs >= begun);
  if (!wasChangedMeanwhile) keep(file, bundle);
  return bundle;
}

// Writes a temporary file and renames it, because the plugin and other commands may read the cache. In a read-only
// folder, each run creates the bundle again.
function keep(file, { entry, sources, code, compiled = Buffer.alloc(0) }) {
  const temporaryPath = `${file}.${process.pid}`;
  try {
    if (!isCurrent(sources)) return;
    mkdirSync(folder, { recursive: true });
    const head = JSON.stringify({ root, entry, sources, length: code.length });
    writeFileSync(
      temporaryPath,
      Buffer.concat([Buffer.from(`${head}\n`), Buffer.from(code, "latin1"), compiled]),
    );
    renameSync(temporaryPath, file);
  } catch {}
}

function isCurrent(sources) {
  return Object.entries(sources).every(([path, is]) => stateOf(path) === is);
}

function stateOf(path) {
  const { size, mtimeMs } = statSync(join(root, path));
  return `${size} ${mtimeMs}`;
}
