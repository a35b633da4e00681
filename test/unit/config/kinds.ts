import fc from "fast-check";
import { caPem, companyCa } from "./certificates";

/** A kind of config value: examples of valid texts, and the meaning of each accepted text. */
export interface Kind {
  readonly keys: readonly string[];
  readonly right: fc.Arbitrary<string>;
  readonly meaning: (text: string, read: unknown) => unknown;
  /** Keys that the key requires. */
  readonly requires?: Readonly<Record<string, string>>;
}

export const asText = (text: string) => text.trim();
export const asJson = (text: string): unknown => JSON.parse(text);
export const from = (...texts: string[]) => fc.constantFrom(...texts);
export const json = (value: fc.Arbitrary<unknown>) => value.map((one) => JSON.stringify(one));
export const word = fc.stringMatching(/^[a-z][a-z0-9-]{1,20}[a-z0-9]$/);
export const line = fc.stringMatching(/^[!-~]{20,40}$/);
const host = fc.oneof(
  word.map((name) => `${name}.example.com`),
  fc.ipV4(),
  fc.ipV6().map((ip) => `[${ip}]`),
);
const origin = fc
  .tuple(from("https://", "HTTPS://"), host, from("", ":443", ":8006", ":8443"), from("", "/"))
  .map((parts) => parts.join(""));
const originOf = (address: string) => new URL(address).origin;
const unique = (all: readonly string[]) => [...new Set(all)];

export const kinds: readonly Kind[] = [
  {
    keys: [
      ..."deployAuthentik authentikBootstrap redis ipv6 errorReporting realmDefault autocreate".split(" "),
      ..."allowEveryone exclusiveAccess adopt production".split(" "),
    ],
    right: from("true", "false", " true\n"),
    meaning: asJson,
  },
  {
    keys: ["httpPort", "httpsPort", "postgresPort"],
    right: fc.integer({ min: 1, max: 65_535 }).map(String),
    meaning: asJson,
  },
  {
    keys: ["signingValidityDays", "signingRenewBeforeDays"],
    right: fc.integer({ min: 1, max: 36_500 }).map(String),
    meaning: asJson,
  },
  { keys: ["signingKeySize"], right: from("2048", "3072", "4096"), meaning: asJson },
  // Kept as written. The model derives the origin.
  { keys: ["authentikUrl", "authentikApiUrl"], right: origin, meaning: asText },
  {
    keys: ["proxmoxApiUrl"],
    right: fc
      .tuple(origin, from("", "/pve", "/pve/", "/api2/json"))
      .map(([at, path]) => at.replace(/\/$/, "") + path),
    meaning: (text) => {
      const { origin, pathname } = new URL(text.trim());
      return (
        origin +
        pathname
          .replace(/\/*$/, "")
          .replace(/\/api2(\/json)?$/, "")
          .replace(/\/*$/, "")
      );
    },
  },
  {
    keys: ["proxmoxAddresses"],
    right: json(fc.array(origin, { minLength: 1, maxLength: 3 })),
    meaning: (text) => unique(JSON.parse(text).map(originOf)),
  },
  {
    keys: [
      ..."authentikSecretKey authentikBootstrapPassword postgresPassword redisPassword".split(" "),
      ..."postgresUser postgresDatabase proxmoxPassword".split(" "),
    ],
    right: line,
    meaning: asText,
  },
  {
    keys: ["clientId", "clientSecret"],
    right: fc.stringMatching(/^[A-Za-z0-9._-]{10,40}$/),
    meaning: asText,
  },
  { keys: ["testUsername"], right: word, meaning: asText, requires: { testPassword: "p4ssword" } },
  { keys: ["testPassword"], right: line, meaning: asText, requires: { testUsername: "alice" } },
  {
    keys: ["authentikToken"],
    right: fc
      .tuple(from("", "Bearer ", '"', "'", "\n"), fc.stringMatching(/^[A-Za-z0-9]{20,60}$/))
      .map(([mark, token]) => `${mark}${token}${mark.replace(/Bearer /, "")}`),
    // A part of the text. pasted.test.ts tests which part.
    meaning: (text, read) => (text.replace(/\s*[\r\n]\s*/g, "").includes(String(read)) ? read : text),
  },
  {
    keys: ["proxmoxToken"],
    right: fc.tuple(word, from("pve", "pam"), word, fc.uuid()).map(([u, r, n, s]) => `${u}@${r}!${n}=${s}`),
    meaning: asText,
  },
  {
    keys: ["proxmoxUsername"],
    right: fc.tuple(from("root", "alice@example.com"), from("pam", "ad")).map((parts) => parts.join("@")),
    meaning: asText,
    requires: { proxmoxPassword: "p4ssword" },
  },
  {
    keys: ["authentikCaCertificate", "proxmoxCa"],
    right: from(caPem, `${caPem}\n`, companyCa.certificate),
    meaning: asText,
  },
  {
    keys: ["tlsCaCertificate"],
    right: from(companyCa.certificate),
    meaning: asText,
    requires: { tlsCaKey: companyCa.privateKey },
  },
  {
    keys: ["tlsCaKey"],
    right: from(companyCa.privateKey),
    meaning: asText,
    requires: { tlsCaCertificate: companyCa.certificate },
  },
  {
    keys: ["tlsKeyPath"],
    right: from("key.pem", "/etc/ssl/key.pem"),
    meaning: asText,
    requires: { tlsCertificatePath: "c.pem" },
  },
  {
    keys: ["tlsKey"],
    right: from(companyCa.privateKey),
    meaning: asText,
    requires: { tlsCertificatePath: "c.pem" },
  },
  {
    keys: ["tlsCertificatePath"],
    right: from("c.pem", "/etc/ssl/c.pem"),
    meaning: asText,
    requires: { tlsKeyPath: "key.pem" },
  },
  {
    keys: ["signingKeyPath"],
    right: from("key.pem"),
    meaning: asText,
    requires: { signingCertificatePath: "c.pem" },
  },
  {
    keys: ["signingKey"],
    right: from(companyCa.privateKey),
    meaning: asText,
    requires: { signingCertificatePath: "c.pem" },
  },
  {
    keys: ["signingCertificatePath"],
    right: from("c.pem"),
    meaning: asText,
    requires: { signingKeyPath: "key.pem" },
  },
  {
    keys: ["authentikFingerprint", "proxmoxFingerprint"],
    right: fc
      .stringMatching(/^[0-9a-f]{64}$/)
      .chain((hex) => from(hex, hex.toUpperCase(), (hex.match(/../g) ?? []).join(":"))),
    // Kept as written. Connections compare it without case and colons.
    meaning: asText,
  },
  { keys: ["authentikVersion"], right: from("2026.8.7", "2025.12.0", "2026.5.0-rc1"), meaning: asText },
  { keys: ["proxmoxVersion"], right: from("9.2", "8.4", "9.0.11"), meaning: asText },
  { keys: ["authentikBootstrapEmail"], right: from("root@example.com", "root@localhost"), meaning: asText },
  {
    keys: ["authorizationFlow", "invalidationFlow", "applicationSlug", "databaseVolume", "prefix"],
    right: word,
    meaning: asText,
  },
  { keys: ["realm"], right: fc.stringMatching(/^[a-z][a-z0-9]{3,20}x$/), meaning: asText },
  {
    keys: ["proxmoxNodeAddress"],
    right: from("https://{node}.example.com:8006", "https://{ip}:8006"),
    meaning: asText,
  },
  { keys: ["usernameClaim"], right: from("username", "email", "preferred_username"), meaning: asText },
  { keys: ["usersOnDelete"], right: from("keep", "remove", "refuse"), meaning: asText },
  {
    keys: ["access"],
    right: json(fc.dictionary(word, fc.constant({ "/": "PVEAuditor" }), { minKeys: 1, maxKeys: 3 })),
    meaning: asJson,
    requires: { allowEveryone: "false" },
  },
  {
    keys: ["roles"],
    right: json(fc.dictionary(word, fc.constant(["VM.Audit"]), { maxKeys: 3 })),
    meaning: asJson,
  },
  {
    keys: ["clusters"],
    right: json(word.map((realm) => ({ berlin: { addresses: ["https://b1.example.com:8006"], realm } }))),
    meaning: asJson,
  },
];
