import { createHash } from "node:crypto";
import { Failure } from "../errors";

export type RealmOptions = Record<string, string>;

export interface Realm {
  name: string;
  /** Undefined if the section lacks a required option. The realm is then broken. */
  type: string | undefined;
  options: RealmOptions;
}

const builtIn: Realm[] = [
  { name: "pam", type: "pam", options: { comment: "Linux PAM standard authentication" } },
  { name: "pve", type: "pve", options: { comment: "Proxmox VE authentication server" } },
];

const requiredOptions: Record<string, string[]> = { openid: ["client-id", "issuer-url"] };

export function requiredOptionsOf(type: string): string[] {
  return requiredOptions[type] ?? [];
}

/**
 * Parses the realms of a domains.cfg. The file is stored as text, because its rules (trimming, empty values) are
 * visible to clients.
 */
export function parseDomains(text: string): Map<string, Realm> {
  const realms = new Map<string, Realm>();
  for (const section of text.split(/\n{2,}/)) {
    const [header, ...lines] = section.split("\n");
    const match = /^(\S+): (\S+)$/.exec(header ?? "");
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const realm: Realm = { name: match[2], type: match[1], options: {} };
    for (const line of lines) {
      const [, key, value] = /^\t(\S+)\s+(.*\S)\s*$/s.exec(line) ?? [];
      if (key !== undefined && value !== undefined) realm.options[key] = decode(key, value);
    }
    if (requiredOptionsOf(match[1]).some((option) => realm.options[option] === undefined)) {
      realms.set(realm.name, { name: realm.name, type: undefined, options: {} });
    } else realms.set(realm.name, realm);
  }
  for (const realm of builtIn) {
    const present = realms.get(realm.name);
    if (present === undefined) realms.set(realm.name, structuredClone(realm));
    else present.options = { ...realm.options, ...present.options };
  }
  return realms;
}

export function formatDomains(realms: Map<string, Realm>): string {
  return [...realms.values()].map(formatRealm).join("");
}

function formatRealm(realm: Realm): string {
  if (realm.type === undefined) throw new Failure("unknown section type ''");
  const required = requiredOptionsOf(realm.type);
  const first = ["comment", ...required];
  const rest = Object.keys(realm.options).filter((key) => !first.includes(key));
  const lines = [...first, ...rest.sort()].flatMap((key) => {
    const value = realm.options[key] ?? "";
    if (value === "") return [];
    const encoded = encode(key, value);
    if (encoded.includes("\n")) throw new Failure("property contains a line feed");
    return [`\t${key} ${encoded}\n`];
  });
  return `${realm.type}: ${realm.name}\n${lines.join("")}\n`;
}

function encode(key: string, value: string): string {
  if (key !== "comment" || value.includes("\n")) return value;
  return value.replace(/[%:\p{Cc}\u{80}-\u{10ffff}]+/gu, (unsafe) => encodeURIComponent(unsafe));
}

function decode(key: string, value: string): string {
  return key === "comment" ? decodeURIComponent(value) : value;
}

export function digestOf(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
