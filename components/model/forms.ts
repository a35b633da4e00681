import { z } from "zod";
import { UserError } from "../../providers/core/errors";
import { inWords } from "../../providers/core/words";
import { problemWithDockerHost } from "../../providers/docker/host";
import { fingerprint } from "../../providers/http/fingerprint";
import { tokenIn } from "../../providers/http/pasted";
import { problemWithPrivateKey } from "../../providers/pki/ownPair";
import { problemWithCa, problemWithSigningCa } from "../../providers/pki/readCa";
import { userId } from "../../providers/proxmox/names";
import { apiTokenIn, apiTokenOf } from "../../providers/proxmox/token";
import { AddressError, authentikOrigin, proxmoxApiUrlOf, redirectUriOf } from "./addresses";

// Schemas of options and config keys. Pulumi passes every config value as text: empty text means "not set", and other
// types arrive as JSON. Component arguments keep their types.

export const text = () =>
  z.preprocess((value) => (isBlank(value) ? undefined : value), z.string().trim().optional());

/** Also null, which plain JavaScript and an empty key in YAML have. */
function isBlank(value: unknown): boolean {
  return value === null || (typeof value === "string" && value.trim() === "");
}

export function json<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => {
    if (isBlank(value)) return undefined;
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }, schema);
}

const boolean = z.boolean("must be true or false");
export const flag = (fallback: boolean) => json(boolean.default(fallback));
export const optionalFlag = () => json(boolean.optional());

const portNumber = "must be a port number (1 to 65535)";
export const port = (fallback: number) =>
  json(z.int(portNumber).min(1, portNumber).max(65535, portNumber).default(fallback));

/** Text that a function checks. The function returns the reason to refuse it. */
export const textUnless = (why: (value: string) => string | undefined) =>
  text().superRefine((value, context) => {
    const message = value === undefined ? undefined : why(value);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
export const textLike = (isRight: (value: string) => boolean, error: string) =>
  text().refine((value) => value === undefined || isRight(value), { error });

export const dockerHost = () => textUnless(problemWithDockerHost);
export const caPem = () => textUnless((value) => problemWithCa(value));
export const signingCaPem = () => textUnless((value) => problemWithSigningCa(value));
export const privateKeyPem = () => textUnless(problemWithPrivateKey);
export const serverFingerprint = () => text().pipe(fingerprint.optional());

const versionForm = "must be the version of Proxmox VE, 7.0 or later, e.g. 9.2";
export const proxmoxVersion = () =>
  text().refine((value) => value === undefined || /^([7-9]|[1-9]\d)\.\d+/.test(value), versionForm);

/** A password or key on one line. Containers read only the first line of its file. */
export const secretLine = () =>
  textLike((value) => !/[\0\r\n]/.test(value), "must be one line: copy it again");

/** An API token of authentik. The messages name common mix-ups. */
export const authentikToken = () =>
  text()
    .transform((value) => value && tokenIn(value))
    .refine((token) => token === undefined || /^[\x21-\x7e]+$/.test(token), {
      error: "has a space or a character that no token has: copy it again",
    });

const emailForm = "must be an e-mail address, e.g. root@example.com";
export const email = () =>
  text().pipe(z.union([z.email(), z.string().regex(/^[\w.+-]+@localhost$/)], emailForm).optional());

/** The last @ separates the realm, because a user name can be an e-mail address. */
export const proxmoxUser = () => text().pipe(userId.optional());
export const proxmoxToken = () =>
  textLike(isTokenBy(apiTokenIn), 'must have the form "user@realm!name=secret"');
/** A token of Backup Server or Datacenter Manager. */
export const otherProductToken = () =>
  textLike(isTokenBy(apiTokenOf("")), 'must have the form "user@realm!name:secret"');

const isTokenBy = (read: typeof apiTokenIn) => (value: string) => {
  try {
    read(value, "");
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
};

/** An address as people write it, converted to the form that the servers use. */
function address(derive: (address: string) => string) {
  return z.string("must be a list of addresses as text").transform((given, context) => {
    try {
      return derive(given);
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

export const proxmoxApiUrl = () => text().pipe(address(proxmoxApiUrlOf).optional());
/** Kept as written, because the resources of existing stacks contain it. */
export const authentikAddress = () =>
  text().superRefine((given, context) => {
    const { error } = address(authentikOrigin).optional().safeParse(given, inWords);
    for (const { message } of error?.issues ?? []) context.addIssue({ code: "custom", message });
  });
export const addresses = () =>
  json(
    z
      .array(
        address(redirectUriOf),
        "must be a list; set its entries with: pulumi config set --path '<key>[0]' https://…",
      )
      .transform((all) => [...new Set(all)])
      .default([]),
  );

export const usersOnDelete = () =>
  text().pipe(z.enum(["keep", "remove", "refuse"], "must be keep, remove or refuse").optional());

/** The default also replaces empty text, which means "not set" in Pulumi's config. */
export function withDefault<Value, Fallback>(form: z.ZodType<Value | undefined>, fallback: Fallback) {
  return form.transform((value): Value | Fallback => value ?? fallback);
}
