import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../cli/paths";
import { succeeds } from "../../cli/system/process";
import { watched } from "../setup/watched";
import { isOfGo, Progress } from "./go-progress";

/** The linker prints nothing, and takes minutes for the largest program on a slow machine. */
const idleMs = 15 * 60_000;

export interface GoTool {
  /** Directory in lab/toolchain/go/ with the go.mod that pins the build. */
  module: string;
  /** Package to build, `.` for the module's own. */
  package: string;
  ldflags?: string;
}

export const executableSuffix = process.platform === "win32" ? ".exe" : "";

/** Builds a program from Go modules to `target` and reports progress. Compiled packages are cached. */
export async function goBuild(tool: GoTool, target: string, say: (text: string) => void): Promise<void> {
  if (!(await succeeds("go", ["version"], { timeoutMs: 20_000 }))) {
    throw new Error(
      `There is no Go to build ${tool.module} with, and it could not be downloaded. Install Go 1.21 or newer, or put Pulumi on the PATH, then run this again.`,
    );
  }
  // A copy, because go changes go.mod and go.sum while it resolves modules.
  const copy = await mkdtemp(join(tmpdir(), `${tool.module}-`));
  try {
    await cp(join(projectRoot, "lab", "toolchain", "go", tool.module), copy, { recursive: true });
    const built = join(copy, `built${executableSuffix}`);
    const flags = ["-mod=mod", "-trimpath", "-ldflags", `-s -w ${tool.ldflags ?? ""}`.trim()];
    const stale = await packagesToCompile(copy, flags, tool.package, say);
    const told = new Progress(tool.module, stale, say);
    await watched("go", ["build", ...flags, "-v", "-o", built, tool.package], {
      cwd: copy,
      idleMs,
      onLine: (line) => told.line(line),
    });
    await moveIntoPlace(built, target);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/**
 * The number of packages that Go must still compile, after it has downloaded the modules. Undefined if Go does not
 * report it.
 */
async function packagesToCompile(
  cwd: string,
  flags: readonly string[],
  name: string,
  say: (text: string) => void,
): Promise<number | undefined> {
  const format = "{{if .Stale}}{{.ImportPath}}{{end}}";
  let stale = 0;
  const onLine = (line: string) => {
    if (isOfGo(line)) say(line);
    else stale++;
  };
  const counted = watched("go", ["list", ...flags, "-deps", "-f", format, name], { cwd, idleMs, onLine });
  return await counted.then(
    () => stale,
    () => undefined,
  );
}

/** Renames the file, so that an interrupted build never looks complete. */
async function moveIntoPlace(built: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporaryPath = `${target}.new`;
  await cp(built, temporaryPath);
  await rename(temporaryPath, target);
}
