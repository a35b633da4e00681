"use strict";
// Bundles sources, keeps that until one changes, and runs it. What V8 has compiled is kept with it, half a second later:
// compiling takes longer than running. (Node.js 22 could do that by module.enableCompileCache; 20 has nothing of the kind.)
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
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

const root = dirname(__dirname);
const folder = join(root, "node_modules", ".cache", "proxmox-authentik-sso");
// What it is made by counts as a source, too.
const makers = ["load.cjs", "loader/bundle.cjs", "loader/unused.cjs", "tsconfig.json"];

/** Bundling all of Pulumi's SDK takes a second and more, which has to be worth it. */
exports.canKeep = () => {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * @param name of the kept file
 * @param entry code that requires the sources
 * @param external what is required when it runs
 * @param substituteOf what to hand out instead of one of those
 */
exports.runBundle = ({ name, entry, external, substituteOf }) => {
  const file = join(folder, `${name.replace(/^\.\//, "").replaceAll("/", "-")}.cjs`);
  const bundle = kept(file) ?? bundled(file, entry, external);
  const script = new Script(Module.wrap(bundle.code), { filename: file, cachedData: bundle.compiled });
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(folder);
  const requireFrom = Module.createRequire(file);
  const requireHere = Object.assign((id) => substituteOf(id) ?? requireFrom(id), requireFrom);
  script.runInThisContext().call(module.exports, module.exports, requireHere, module, file, folder);
  // What another version of Node.js has compiled is rejected.
  if (bundle.compiled === undefined || script.cachedDataRejected) {
    setTimeout(() => keep(file, { ...bundle, compiled: script.createCachedData() }), 500).unref();
  }
  return module.exports;
};

// First a line that names the sources, with size and time of each; then the code; then what V8 made of it.
function kept(file) {
  try {
    const content = readFileSync(file);
    const end = content.indexOf("\n") + 1;
    const { sources, length, ...made } = JSON.parse(content.toString("utf8", 0, end));
    if (made.root !== root || !isCurrent(sources)) return undefined;
    const code = content.toString("latin1", end, end + length);
    if (code.length !== length) return undefined;
    const compiled = content.subarray(end + length);
    return { sources, code, compiled: compiled.length > 0 ? compiled : undefined };
  } catch {
    return undefined;
  }
}

function bundled(file, contents, external) {
  const begun = Date.now();
  const { outputFiles, metafile } = require("esbuild").buildSync({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    charset: "ascii",
    external,
  });
  const paths = [...Object.keys(metafile.inputs).filter((path) => path !== "<stdin>"), ...makers];
  const sources = Object.fromEntries(paths.map((path) => [path, stateOf(path)]));
  const bundle = { sources, code: outputFiles[0].text };
  const wasChangedMeanwhile = paths.some((path) => statSync(join(root, path)).mtimeMs >= begun);
  if (!wasChangedMeanwhile) keep(file, bundle);
  return bundle;
}

// By way of a rename, as the plugin and other commands may read it. Where nothing can be written it is made each time.
function keep(file, { sources, code, compiled = Buffer.alloc(0) }) {
  const beside = `${file}.${process.pid}`;
  try {
    if (!isCurrent(sources)) return;
    mkdirSync(folder, { recursive: true });
    const head = JSON.stringify({ root, sources, length: code.length });
    writeFileSync(beside, Buffer.concat([Buffer.from(`${head}\n`), Buffer.from(code, "latin1"), compiled]));
    renameSync(beside, file);
  } catch {}
}

function isCurrent(sources) {
  return Object.entries(sources).every(([path, is]) => stateOf(path) === is);
}

function stateOf(path) {
  const { size, mtimeMs } = statSync(join(root, path));
  return `${size} ${mtimeMs}`;
}
