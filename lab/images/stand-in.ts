import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../cli/paths";
import { capture, succeeds } from "../../cli/system/process";
import { simulatedLabel } from "../../providers/docker/objects";

const buildLimitMs = 5 * 60_000;

/** Hash of all files of a replacement image. A change builds the image again. */
export const contentLabel = "proxmox-authentik-sso.content";

export interface StandIn {
  /** Directory in lab/images/ with its Dockerfile. */
  folder: string;
  title: string;
  description: string;
  simulated: boolean;
  /** More files for the build: absolute path by name. */
  files: Record<string, string>;
}

export async function contentHash(standIn: StandIn, base: string): Promise<string> {
  const hash = createHash("sha256").update(base).update(standIn.description);
  const folder = folderOf(standIn);
  const own = (await readdir(folder)).sort().map((name) => join(folder, name));
  for (const file of [...own, ...Object.values(standIn.files)]) hash.update(await readFile(file));
  return hash.digest("hex");
}

export async function buildStandIn(
  image: string,
  standIn: StandIn,
  base: string,
  content: string,
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "image-"));
  try {
    await cp(folderOf(standIn), context, { recursive: true });
    for (const [name, path] of Object.entries(standIn.files)) await cp(path, join(context, name));
    const labels = {
      "org.opencontainers.image.title": standIn.title,
      "org.opencontainers.image.description": standIn.description,
      [simulatedLabel]: String(standIn.simulated),
      [contentLabel]: content,
    };
    const labelArgs = Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
    await capture("docker", ["build", "--build-arg", `BASE=${base}`, ...labelArgs, "-t", image, context], {
      env: await builderEnvironment(),
      timeoutMs: buildLimitMs,
    });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

function folderOf(standIn: StandIn): string {
  return join(projectRoot, "lab", "images", standIn.folder);
}

/** Debian's Docker has no BuildKit client, so its classic builder must be selected. */
async function builderEnvironment(): Promise<NodeJS.ProcessEnv> {
  const hasBuildKit = await succeeds("docker", ["buildx", "version"], { timeoutMs: 20_000 });
  return hasBuildKit ? process.env : { ...process.env, DOCKER_BUILDKIT: "0" };
}
