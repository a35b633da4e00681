import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { buildSync } from "esbuild";
import { projectRoot } from "../../cli/paths";

/**
 * It remembers only its copies of CA certificates, which are the same in every process and slow to create.
 */
const kept = join(projectRoot, "providers/http/tls.ts");

interface Options {
  /** Modules that the program gets instead of others, by name. */
  readonly instead?: Readonly<Record<string, unknown>>;
}

/**
 * Loads a source file of the program like a new process, with its imports from this repository and without earlier
 * state. It is one bundle that is compiled once: loading file by file took half of a case's time, and Node keeps
 * every module that it has loaded.
 */
export function freshly<Exports>(source: string, { instead = {} }: Options = {}): () => Exports {
  // Paths of external modules are relative to this file.
  const outfile = join(projectRoot, "fresh.cjs");
  const { outputFiles } = buildSync({
    entryPoints: [join(projectRoot, source)],
    outfile,
    bundle: true,
    packages: "external",
    external: [kept],
    platform: "node",
    target: "node20",
    format: "cjs",
    // Compiled code cannot import. It can require.
    supported: { "dynamic-import": false },
    write: false,
  });
  const code = `${outputFiles.map(({ text }) => text).join("")}\nreturn module.exports;`;
  const run = compileFunction(code, ["require", "module"], { filename: `fresh ${source}` });
  const requireFromHere = createRequire(outfile);
  const requireInstead = (name: string) => instead[name] ?? requireFromHere(name);
  return () => run(requireInstead, { exports: {} });
}
