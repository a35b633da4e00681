import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { labPaths } from "../../cli/paths";

/** What the lab's own servers and state are locked with; made once, readable by the user only. */
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

async function ensureSecretFile(path: string, make: () => string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  try {
    // Fails where the file exists, so that a secret is never replaced.
    await writeFile(path, make(), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return await readFile(path, "utf8");
}

function randomPassword(): string {
  return randomBytes(24).toString("base64url");
}
