import { randomBytes } from "node:crypto";
import { configKey } from "../../config/schema";
import { hostOf, parseUrl } from "../../providers/http/host";
import { createCertificateAuthority, type KeyPair } from "../../providers/pki/certificate";
import { project } from "../paths";
import type { RunPulumi } from "../stack/stack-in-question";

/** 43 letters and digits: more than 256 bits, and valid in files, URLs and shells. */
export function randomSecret(): string {
  return randomBytes(64)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 43);
}

/** Config keys of secrets that can be generated. Those of Proxmox must be created there. */
const generated = [
  "authentikToken",
  "authentikSecretKey",
  "authentikBootstrapPassword",
  "postgresPassword",
  "redisPassword",
];

/**
 * Generates each missing credential of the authentik stack and the CA of its TLS certificate, and sets them
 * encrypted in the stack's config. Existing values stay. Returns the keys that it set.
 */
export async function generateMissingCredentials(pulumi: RunPulumi): Promise<string[]> {
  const config: Record<string, { value?: string; secret?: boolean }> = JSON.parse(
    await pulumi(["config", "--json"]),
  );
  const isSet = (key: string) => {
    const fullKey = configKey(key);
    const entry = config[fullKey.includes(":") ? fullKey : `${project}:${key}`];
    return entry !== undefined && (entry.secret === true || Boolean(entry.value));
  };
  const set: string[] = [];
  const hasRedis = config[`${project}:redis`]?.value !== "false";
  const wanted = generated.filter((key) => hasRedis || key !== "redisPassword");
  for (const key of wanted.filter((candidate) => !isSet(candidate))) {
    await pulumi(["config", "set", "--secret", configKey(key)], randomSecret());
    set.push(key);
  }
  if (!["tlsCaCertificate", "tlsCaKey", "tlsCertificatePath"].some(isSet)) {
    const ca = await authorityFor(config[`${project}:authentikUrl`]?.value);
    await pulumi(["config", "set", "--secret", configKey("tlsCaKey")], ca.privateKey);
    await pulumi(["config", "set", "tlsCaCertificate"], ca.certificate);
    set.push("tlsCaKey", "tlsCaCertificate");
  }
  return set;
}

/** The CA is limited to authentik's host. Somebody with its key cannot impersonate other sites. */
async function authorityFor(url = ""): Promise<KeyPair> {
  if (parseUrl(url) === undefined) {
    throw new Error(
      "The CA for authentik's certificate is for its host name alone. Give the address first: pulumi config set authentikUrl https://auth.example.com",
    );
  }
  const host = hostOf(url);
  return createCertificateAuthority(`authentik CA for ${host}`.slice(0, 64), host);
}
