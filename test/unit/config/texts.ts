import fc from "fast-check";
import { anyText } from "../../tools/seeded";

/** Texts that people configure, and similar invalid ones. */
const pieces = fc.constantFrom(
  ..."https:// http:// ssh:// tcp:// :// / // : :8006 :443 @ ! = [ ] { } , . - _ * % # ? \\ \" ' \n \u0000 0 1 -1 1e9 true false null".split(
    " ",
  ),
  "pve.example.com",
  "192.0.2.1",
  "[::]",
  "::1",
  "root",
  "root@pam",
  "alice@example.com@ad",
  "-----BEGIN CERTIFICATE-----",
  "-----END CERTIFICATE-----",
  "-----BEGIN PRIVATE KEY-----",
  "MIIB",
  "2026.5.0",
  "9.2",
  "linux/arm64",
  "pve-admins",
  "Büro",
  " ",
);
export const text = fc.oneof(
  fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join("")),
  anyText,
  fc.json(),
  fc.json().map((value) => JSON.stringify({ berlin: JSON.parse(value) })),
);
