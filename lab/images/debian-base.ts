import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../../cli/paths";
import { capture, succeeds } from "../../cli/system/process";
import { aptInstall } from "../docker/engine";
import { watched } from "../setup/watched";

const packages = ["dumb-init", "libatomic1", "libstdc++6", "postgresql", "redis-server"];
const bootstrapIdleMs = 10 * 60_000;
const importLimitMs = 3 * 60_000;

type Say = (text: string) => void;

/** Builds a small Debian with PostgreSQL and Redis, the base of all replacement images. Returns its name. */
export async function ensureDebianBase(say: Say): Promise<string> {
  const release = await debianRelease();
  const key = createHash("sha256")
    .update([release, process.arch, ...packages].join())
    .digest("hex")
    .slice(0, 12);
  const image = `proxmox-authentik-sso/debian:${release}-${key}`;
  if (await succeeds("docker", ["image", "inspect", image], { timeoutMs: 30_000 })) return image;
  const archive = join(cacheDir, "images", `debian-${release}-${key}.tar`);
  if (!existsSync(archive)) await bootstrap(release, archive, say);
  say("importing Debian into Docker");
  await capture("docker", ["import", archive, image], { timeoutMs: importLimitMs });
  return image;
}

async function debianRelease(): Promise<string> {
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(
    await readFile("/etc/os-release", "utf8").catch(() => ""),
  )?.[1];
  if (!codename || !existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    throw new Error(
      "The stack's images cannot be pulled here, and making them locally needs Debian and root. Give this machine access to the image registries, or `docker load` the images named in components/images.ts.",
    );
  }
  return codename;
}

async function bootstrap(release: string, archive: string, say: Say): Promise<void> {
  if (!(await succeeds("debootstrap", ["--version"], { timeoutMs: 20_000 }))) {
    say("installing Debian's package debootstrap with apt-get");
    await aptInstall("debootstrap");
  }
  say(`making a minimal Debian ${release} with PostgreSQL and Redis (debootstrap, about 1 minute)`);
  const folder = await mkdtemp(join(tmpdir(), "debian-"));
  try {
    const include = `--include=${packages.join(",")}`;
    await watched("debootstrap", ["--variant=minbase", include, release, folder, await aptMirror(release)], {
      idleMs: bootstrapIdleMs,
    });
    await mkdir(join(cacheDir, "images"), { recursive: true });
    const unneeded = [
      "var/cache/apt",
      "var/lib/apt/lists",
      "var/lib/postgresql",
      "usr/share/doc",
      "usr/share/man",
      "proc",
      "sys",
      "dev",
    ];
    const excludes = unneeded.map((path) => `--exclude=./${path}/*`);
    await capture("tar", ["-C", folder, ...excludes, "-cf", `${archive}.new`, "."], {
      timeoutMs: importLimitMs,
    });
    await rename(`${archive}.new`, archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The mirror in this machine's apt configuration. */
async function aptMirror(release: string): Promise<string> {
  const format = "$(SITE) $(RELEASE)";
  const targets = await capture("apt-get", ["indextargets", "--format", format], { timeoutMs: 30_000 });
  const mirror = targets
    .split("\n")
    .map((line) => line.split(" "))
    .find(([, suite]) => suite === release)?.[0];
  if (!mirror)
    throw new Error(`apt knows no package source for Debian ${release}: see /etc/apt/sources.list.d.`);
  return mirror;
}
