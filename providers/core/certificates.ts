import { createHash } from "node:crypto";
import { pluginConfig } from "./credentials";
import { UserError } from "./errors";

type Properties = Record<string, unknown>;

const certificate = /^\s*-----BEGIN CERTIFICATE-----/;
const shortName = /^certificate sha256:[0-9a-f]{64}$/;

/** Certificates in the plugin's config, by the short names that replace them in the state. */
const known = new Map<string, string>();
knowCertificates(pluginConfig());

/** Remembers the certificates in a config. */
export function knowCertificates(config: Properties): void {
  for (const value of Object.values(config)) {
    if (typeof value !== "string" || !certificate.test(value)) continue;
    // A program may pass it without the line break at the end of the file.
    for (const pem of [value, value.trim()]) known.set(nameOf(pem), pem);
  }
}

/**
 * Replaces each certificate of the plugin's config by a short name, because every process can read that config.
 * Otherwise each object's state would contain the server's CA twice, which is most of its size.
 */
export function compactCertificates(properties: Properties): Properties {
  return withTexts(properties, (text) => {
    if (!certificate.test(text)) return text;
    const name = nameOf(text);
    return known.has(name) ? name : text;
  });
}

/** Replaces the short names by the certificates. */
export function expandCertificates(properties: Properties): Properties {
  return withTexts(properties, (text) => {
    if (!shortName.test(text)) return text;
    const found = known.get(text);
    if (found !== undefined) return found;
    throw new UserError(
      `the stack config has lost the ${text}, which is required to trust the server. ` +
        "Set it again. If you have replaced it, run pulumi up first.",
    );
  });
}

function nameOf(pem: string): string {
  return `certificate sha256:${createHash("sha256").update(pem).digest("hex")}`;
}

function withTexts(properties: Properties, change: (text: string) => string): Properties {
  const entries = Object.entries(properties).map(([key, value]) => [key, changed(value, change)]);
  return Object.fromEntries(entries);
}

function changed(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, change));
  return typeof value === "object" && value !== null ? withTexts({ ...value }, change) : value;
}
