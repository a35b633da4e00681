import { homedir } from "node:os";
import { join, resolve } from "node:path";

export const projectRoot = resolve(__dirname, "..");

/** Shared between clones: everything in it is keyed by version and can be made again. */
export const cacheDir = resolve(
  process.env.PROXMOX_AUTHENTIK_SSO_CACHE ?? join(homedir(), ".cache", "proxmox-authentik-sso"),
);

/** Everything that belongs to this clone's lab; `npm run stop` removes it. */
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
