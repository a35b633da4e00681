import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { buildSync } from "esbuild";
import { projectRoot } from "../../cli/paths";

/** All it remembers is what it made of CA certificates: the same in every process, and dear to make anew. */
const kept = join(projectRoot, "providers/http/tls.ts");

/**
 * A source file of the program as a process has it that has just been started, with all that it imports of ours:
 * nothing is remembered from the time before. In one piece and compiled once, since loading file by file took half
 * of a case's time, and Node keeps every module that there ever was.
 */
export function freshly<Exports>(source: string): () => Exports {
  // What stays outside is named by its way from here.
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
    // Compiled code has no way to import; it can require.
    supported: { "dynamic-import": false },
    write: false,
  });
  const code = `${outputFiles.map(({ text }) => text).join("")}\nreturn module.exports;`;
  const run = compileFunction(code, ["require", "module"], { filename: `fresh ${source}` });
  const requireFromHere = createRequire(outfile);
  return () => run(requireFromHere, { exports: {} });
}
