import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../cli/paths";
import { capture, succeeds } from "../../cli/process";

const buildLimitMs = 25 * 60 * 1000;

export interface GoTool {
  /** Folder in lab/toolchain/go/ with the go.mod that pins what is built. */
  module: string;
  /** Package to build, `.` for the module's own. */
  package: string;
  ldflags?: string;
}

export const executableSuffix = process.platform === "win32" ? ".exe" : "";

/** Builds a program from Go modules to `target`. */
export async function goBuild(tool: GoTool, target: string): Promise<void> {
  if (!(await succeeds("go", ["version"], { timeoutMs: 20_000 }))) {
    throw new Error(
      `There is no Go to build ${tool.module} with, and it could not be downloaded. Install Go 1.21 or newer, or put Pulumi on the PATH, then run this again.`,
    );
  }
  // A copy, because go writes to go.mod and go.sum while it resolves.
  const copy = await mkdtemp(join(tmpdir(), `${tool.module}-`));
  try {
    await cp(join(projectRoot, "lab", "toolchain", "go", tool.module), copy, { recursive: true });
    const built = join(copy, `built${executableSuffix}`);
    await capture(
      "go",
      [
        "build",
        "-mod=mod",
        "-trimpath",
        "-ldflags",
        `-s -w ${tool.ldflags ?? ""}`.trim(),
        "-o",
        built,
        tool.package,
      ],
      { cwd: copy, timeoutMs: buildLimitMs },
    );
    await moveIntoPlace(built, target);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** By way of a rename, so that a build that was cut off is never taken for a finished one. */
async function moveIntoPlace(built: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const beside = `${target}.new`;
  await cp(built, beside);
  await rename(beside, target);
}
