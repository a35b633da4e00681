import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { cacheDir, projectRoot } from "../../cli/paths";
import type { defaultImages } from "../../components/images";
import type { StandIn } from "./stand-in";

const debianSoftware = { simulated: false, files: {} };

/** How to build the stack's images if they cannot be pulled. */
export const standIns: Record<keyof typeof defaultImages, () => Promise<StandIn>> = {
  postgres: async () => ({
    ...debianSoftware,
    folder: "postgres",
    title: "postgres (local stand-in)",
    description: "Local stand-in for the official image: real PostgreSQL from Debian's packages",
  }),
  redis: async () => ({
    ...debianSoftware,
    folder: "redis",
    title: "redis (local stand-in)",
    description: "Local stand-in for the official image: real Redis from Debian's packages",
  }),
  authentik: async () => ({
    folder: "authentik",
    title: "authentik SIMULATOR",
    description:
      "authentik SIMULATOR of the proxmox-authentik-sso lab: not the real authentik, for trials and tests only",
    simulated: true,
    files: { "authentik.js": await bundleSimulator(), node: process.execPath },
  }),
};

async function bundleSimulator(): Promise<string> {
  const outfile = join(cacheDir, "images", "authentik.js");
  await mkdir(join(cacheDir, "images"), { recursive: true });
  await build({
    entryPoints: [join(projectRoot, "lab", "authentik", "main.ts")],
    bundle: true,
    platform: "node",
    external: ["pg-native"],
    outfile,
    logLevel: "silent",
  });
  return outfile;
}
