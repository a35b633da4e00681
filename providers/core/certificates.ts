import { createHash } from "node:crypto";
import { pluginConfig } from "./credentials";
import { UserError } from "./errors";

type Properties = Record<string, unknown>;

const certificate = /^\s*-----BEGIN CERTIFICATE-----/;
const shortName = /^certificate sha256:[0-9a-f]{64}$/;

/** Those in the plugin's config, by the short name that stands in the state for them. */
const known = new Map<string, string>();
knowCertificates(pluginConfig());

/** Takes note of the certificates in a config. */
export function knowCertificates(config: Properties): void {
  for (const value of Object.values(config)) {
    if (typeof value !== "string" || !certificate.test(value)) continue;
    // A program may have it without the line break that a file ends with.
    for (const pem of [value, value.trim()]) known.set(nameOf(pem), pem);
  }
}

/**
 * Properties with a short name in place of each certificate that stands in the plugin's config, where every later
 * process finds it: otherwise the CA of a server stands in the state twice for each object there, most of its weight.
 */
export function compactCertificates(properties: Properties): Properties {
  return withTexts(properties, (text) => {
    if (!certificate.test(text)) return text;
    const name = nameOf(text);
    return known.has(name) ? name : text;
  });
}

/** The opposite. */
export function expandCertificates(properties: Properties): Properties {
  return withTexts(properties, (text) => {
    if (!shortName.test(text)) return text;
    const found = known.get(text);
    if (found !== undefined) return found;
    throw new UserError(
      `the stack config has lost the ${text}, by which the server was trusted. ` +
        "Set it again, or, if another one has taken its place, run pulumi up first.",
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
