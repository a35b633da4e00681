import { z } from "zod";
import { fingerprint } from "../providers/http/fingerprint";

/** The engine hands every value over as text, the empty default included, which counts as not given. */
export const text = () =>
  z.preprocess((value) => (isBlank(value) ? undefined : value), z.string().trim().optional());

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}

/** A value that is no text: the engine gives it as JSON, a value inside another one comes as it is. */
export function json<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => {
    if (typeof value !== "string") return value;
    if (isBlank(value)) return undefined;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }, schema);
}

export const flag = (fallback: boolean) => json(z.boolean("must be true or false").default(fallback));
const portNumber = "must be a port number (1 to 65535)";
export const port = (fallback: number) =>
  json(z.int(portNumber).min(1, portNumber).max(65535, portNumber).default(fallback));
export const pem = () =>
  text().refine((value) => value === undefined || value.includes("-----BEGIN CERTIFICATE-----"), {
    error: "must be the PEM text of a certificate (-----BEGIN CERTIFICATE----- …)",
  });
export const privateKeyPem = () =>
  text().refine((value) => value === undefined || /-----BEGIN (RSA )?PRIVATE KEY-----/.test(value), {
    error: "must be the PEM text of an RSA private key (-----BEGIN PRIVATE KEY----- …)",
  });

export const addresses = (example: string) =>
  json(
    z
      .array(z.string("must be a list of addresses as text"), {
        error: `must be a list; set its entries with: pulumi config set --path '${example}[0]' https://…`,
      })
      .default([]),
  );
const versionForm = "must be the version of Proxmox VE, 7.0 or later, e.g. 9.2";
export const proxmoxVersion = () =>
  text().refine((value) => value === undefined || /^([7-9]|[1-9]\d)\.\d+/.test(value), versionForm);
export const serverFingerprint = () => text().pipe(fingerprint.optional());
