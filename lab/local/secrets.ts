import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { labDir, labPaths } from "../../cli/paths";
import { ensurePrivately } from "../../cli/system/private-file";
import type { OtherProduct } from "../../providers/accessControl/products";

/** Secrets of the lab's servers and state. Created once, readable only by the user. */
export interface LabSecrets {
  proxmoxRootPassword: string;
  proxmoxToken: string;
}

export async function ensureLabSecrets(): Promise<LabSecrets> {
  await ensureSecretFile(labPaths.passphrase, randomPassword);
  return {
    proxmoxRootPassword: await ensureSecretFile(labPaths.proxmoxRootPassword, randomPassword),
    proxmoxToken: await ensureSecretFile(labPaths.proxmoxToken, () => `root@pam!lab=${randomUUID()}`),
  };
}

/** The token of a Backup Server or Datacenter Manager. */
export function ensureOtherToken(product: OtherProduct): Promise<string> {
  return ensureSecretFile(join(labDir, `${product}-token`), () => `root@pam!lab:${randomUUID()}`);
}

async function ensureSecretFile(path: string, make: () => string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  ensurePrivately(path, make());
  return await readFile(path, "utf8");
}

function randomPassword(): string {
  return randomBytes(24).toString("base64url");
}
