import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";

/** Root directory of this package: a clone, or the directory of an npm installation. */
export const packageRoot = resolve(__dirname, "..");

/** An installed package works on the Pulumi project of the current directory. */
export const isInstalled = packageRoot.split(sep).includes("node_modules");

export const projectRoot = isInstalled ? projectAround(process.cwd()) : packageRoot;

/** The project's name, which is the prefix of its config keys. */
export const project = nameIn(join(projectRoot, "Pulumi.yaml")) ?? "proxmox-authentik-sso";

/** The directory with Pulumi.yaml, searched upwards as Pulumi does. */
function projectAround(folder: string): string {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? process.cwd() : projectAround(parent);
}

function nameIn(file: string): string | undefined {
  return existsSync(file) ? /^name: *["']?([\w.-]+)/m.exec(readFileSync(file, "utf8"))?.[1] : undefined;
}

/** Clones share it. Everything in it is keyed by version and can be created again. */
export const cacheDir = resolve(
  process.env.PROXMOX_AUTHENTIK_SSO_CACHE ?? join(homedir(), ".cache", "proxmox-authentik-sso"),
);

/** The data of this clone's lab. `npm run stop` deletes it. */
export const labDir = join(projectRoot, ".lab");

export const labPaths = {
  stateBackend: join(labDir, "state"),
  passphrase: join(labDir, "passphrase"),
  stackConfig: join(labDir, "Pulumi.dev.yaml"),
  place: join(labDir, "place.json"),
  proxmox: join(labDir, "proxmox"),
  proxmoxRootPassword: join(labDir, "proxmox-root-password"),
  proxmoxToken: join(labDir, "proxmox-token"),
  proxmoxCa: join(labDir, "proxmox", "pve-root-ca.pem"),
  authentik: join(labDir, "authentik"),
  trust: join(labDir, "trust"),
} as const;
