"use strict";
// Runs TypeScript sources, with the packages that they use, as one file: hundreds take more than half a second to load,
// in the program and in the plugin (docs/performance.md). That file is kept until a source changes.
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const folder = join(__dirname, "node_modules", ".cache", "proxmox-authentik-sso");
// What it is made by counts as a source, too.
const makers = ["load.cjs", "tsconfig.json"];
// Pulumi's SDK loads them to serialise functions (0.5 s of CPU), which nothing here asks for.
const forSerialising = ["@pulumi/pulumi/typescript-shim", "@npmcli/arborist"];

exports.load = (source) => run(source, `module.exports = require(${JSON.stringify(source)});`);

// A program for Pulumi. Its plugin takes as long to start as the program to load, so that both happen at once: the
// plugin's resource is registered first, and there is a moment to send that to the engine.
exports.program = (source) =>
  run(
    source,
    `require("./providers/core/startedPlugin.ts");
    module.exports = async () => {
      await new Promise(setImmediate);
      return require(${JSON.stringify(source)});
    };`,
  );

function run(source, entry) {
  for (const name of forSerialising) loadWhenUsed(name);
  // Pulumi takes the stack of every promise and maps it to sources, 0.4 s in all; the bundle has no map.
  Error.prepareStackTrace = undefined;
  const file = join(folder, `${source.replace(/^\.\//, "").replaceAll("/", "-")}.cjs`);
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(folder);
  module._compile(kept(file) ?? bundled(entry, file), file);
  return module.exports;
}

// The first line names the sources, with size and time of each.
function kept(file) {
  try {
    const code = readFileSync(file, "utf8");
    const { root, sources } = JSON.parse(code.slice("//".length, code.indexOf("\n")));
    const isFresh = root === __dirname && Object.entries(sources).every(([path, is]) => stateOf(path) === is);
    return isFresh ? code : undefined;
  } catch {
    return undefined;
  }
}

function bundled(contents, file) {
  const begun = Date.now();
  const { outputFiles, metafile } = require("esbuild").buildSync({
    stdin: { contents, resolveDir: __dirname },
    absWorkingDir: __dirname,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    // There may be only one of each in a process.
    external: ["@pulumi/*"],
  });
  const paths = [...Object.keys(metafile.inputs).filter((path) => path !== "<stdin>"), ...makers];
  const sources = Object.fromEntries(paths.map((path) => [path, stateOf(path)]));
  const code = `//${JSON.stringify({ root: __dirname, sources })}\n${outputFiles[0].text}`;
  const wasChangedMeanwhile = paths.some((path) => statSync(join(__dirname, path)).mtimeMs >= begun);
  if (!wasChangedMeanwhile) keep(file, code);
  return code;
}

// By way of a rename, as the plugin and other commands may read it. Where nothing can be written it is made each time.
function keep(file, code) {
  const beside = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(beside, code);
    renameSync(beside, file);
  } catch {}
}

function stateOf(path) {
  const { size, mtimeMs } = statSync(join(__dirname, path));
  return `${size} ${mtimeMs}`;
}

// What a package is found as from Pulumi's SDK. A later SDK may do without it.
function loadWhenUsed(name) {
  const path = resolved(name);
  if (path === undefined || require.cache[path]) return;
  const substitute = new Module(path);
  const real = () => {
    delete require.cache[path];
    return require(path);
  };
  // `__esModule` keeps importers from copying it.
  substitute.exports = new Proxy({}, { get: (_, key) => key === "__esModule" || real()[key] });
  substitute.loaded = true;
  require.cache[path] = substitute;
}

function resolved(name) {
  try {
    return Module.createRequire(require.resolve("@pulumi/pulumi")).resolve(name);
  } catch {
    return undefined;
  }
}
