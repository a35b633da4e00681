import { STATUS_CODES } from "node:http";
import type { AxiosError, AxiosResponse } from "axios";
import { messageOf, NotFoundError, OutcomeUnknownError, RejectedError, UserError } from "../core/errors";
import {
  answerOf,
  explainNoAnswer,
  explainRedirect,
  isAxiosError,
  isRedirect,
  notTheApi,
  request,
} from "../http/failures";
import { isSafe, type RetryRules } from "../http/retries";
import { senderInBrackets } from "../http/sender";
import { describeNeed, howToGrant, missingIn } from "./privileges";
import type { ProxmoxCredential } from "./session";

/** The realm configuration changed between the read and the write. */
export class DigestConflictError extends UserError {}

/** A write names an object that does not exist, such as the role of a permission or a group of a user. */
export class MissingReferenceError extends UserError {}

/** A role contains a privilege that this version of Proxmox lacks. */
export class InvalidPrivilegeError extends UserError {}

/** The token or its user lacks a privilege. */
export class RefusedError extends UserError {}

export const retryRules: RetryRules = {
  isRefusedForNow: ({ response }) => response?.status === 429,
  // 595: the privileged daemon is down. 596 means that it was busy for 30 s, and a retry would wait as long.
  isTransient: ({ response }) => [502, 503, 504, 595].includes(response?.status ?? 0),
};

/** Proxmox's messages for an object that does not exist (recorded, and PVE::AccessControl). */
const missing = [
  /^(?:(?:update|delete) (?:auth server|group|role|user) failed: )?(?:(?:authentication )?domain|group|role|user) '[^']*' does not exist$/,
  /^(?:[a-z ]+ failed: )?no such user \('.*'\)$/,
  /^no such token '[^']*' for user '[^']*'$/,
  // Proxmox VE 8.4 and later, for a realm.
  /^update auth server failed: cannot lookup undefined type!$/,
];

/**
 * Proxmox reports an error in `message` of the body (since 8.4), in the reason phrase, which some proxies drop, and
 * per parameter in `errors`. A missing or duplicate object has status 500 (PVE/API2/Domains.pm and User.pm).
 */
export function explain(error: unknown, credential: ProxmoxCredential): Error {
  if (!isAxiosError(error)) return error instanceof Error ? error : new Error(messageOf(error));
  const response = answerOf(error);
  if (response === undefined) return explainNoAnswer(error, "Proxmox", "`proxmoxCa`");
  if (isRedirect(response)) return explainRedirect(response, "Proxmox");
  const word = wordOf(response);
  const call = request(error);
  if (word === undefined) return notProxmox(response);
  const said = [word, ...parameterErrors(response.data)].join(" ").trim();
  switch (response.status) {
    case 400:
      if (said.includes("invalid privilege")) return new InvalidPrivilegeError(`Proxmox refuses it: ${said}`);
      return new UserError(`Proxmox refuses it: ${said}${olderServerHint(said)}`);
    case 401:
      return new UserError(
        "token" in credential
          ? `Proxmox refuses the API token in config key "${credential.configKey}" (${said}). ` +
              'It must have the form "user@realm!name=secret" and not be expired.'
          : `Proxmox refuses the login of "${credential.username}" with the password in config key "${credential.configKey}" (${said}). ` +
              "A user with a second factor cannot be used: make an API token instead.",
      );
    case 403:
      return new RefusedError(
        `Proxmox refuses ${call}: ${said}.${missingPrivilege(error, said, credential)}`,
      );
    case 500:
      if (/^ACL update failed|no such group/.test(said)) {
        return new MissingReferenceError(`Proxmox: ${said}`);
      }
      if (saysMissing(word, response)) return new NotFoundError(`Proxmox: ${said}`);
      if (said.includes("detected modified configuration")) {
        return new DigestConflictError(`Proxmox: ${said}`);
      }
      if (said.includes("already exists")) return new RejectedError(`Proxmox: ${said}`);
      return new UserError(`Proxmox refuses ${call}: ${said}`);
    case 595:
    case 596:
      return unavailable(
        error,
        `Proxmox's daemon pvedaemon did not answer ${call} (${response.status} ${said})`,
      );
  }
  const message = `Proxmox answered ${call} with ${response.status} ${said}`;
  // A gateway may have forwarded the write before it failed.
  return response.status > 501 && !isSafe(error) ? new OutcomeUnknownError(message) : new UserError(message);
}

/**
 * Proxmox's own error text. Its answers are JSON with `data`, or only a reason phrase from the layers below the API
 * (recorded). Proxmox never answers 404, and never sends WWW-Authenticate.
 */
export function wordOf(response: AxiosResponse<unknown>): string | undefined {
  const { status, statusText, headers, data } = response;
  if (status === 404 || headers["www-authenticate"] !== undefined) return undefined;
  if (isProxmoxJson(data)) {
    const { message } = data;
    return typeof message === "string" && message.trim() !== "" ? firstLine(message) : statusText;
  }
  if (data) return undefined;
  const isFromTheLayersBelow = status === 401 || statusText !== STATUS_CODES[status];
  return isFromTheLayersBelow ? statusText : undefined;
}

/** Every answer of Proxmox's API has `data`. */
export function isProxmoxJson(body: unknown): body is { data: unknown; message?: unknown } {
  return typeof body === "object" && body !== null && "data" in body;
}

/** A create addresses no object that could be missing. */
function saysMissing(word: string, { config, data }: AxiosResponse<unknown>): boolean {
  if (!isProxmoxJson(data) || data.data !== null) return false;
  const sentence = word.replace(/ at \/usr\/share\/perl5\/.*$/, "");
  return config.method?.toLowerCase() !== "post" && missing.some((form) => form.test(sentence));
}

/** An answer from a proxy or another product. */
function notProxmox(response: AxiosResponse<unknown>): UserError {
  if (response.status < 502) return notTheApi(response, "Proxmox");
  const message = `Proxmox answered ${request(response)} with ${response.status} ${response.statusText}${senderInBrackets(response)}`;
  return isSafe(response) ? new UserError(message) : new OutcomeUnknownError(message);
}

function firstLine(message: string): string {
  return message.trim().split("\n")[0] ?? "";
}

function missingPrivilege(error: AxiosError, said: string, credential: ProxmoxCredential): string {
  const missing = missingIn(said, error.config?.url ?? "");
  return missing === undefined
    ? ""
    : ` Missing: ${describeNeed(missing)}. ${howToGrant([missing], credential)}`;
}

function unavailable(error: AxiosError, what: string): UserError {
  const advice = "Check `systemctl status pvedaemon` on the node.";
  return isSafe(error) ? new UserError(`${what}. ${advice}`) : new OutcomeUnknownError(`${what}. ${advice}`);
}

function parameterErrors(body: unknown): string[] {
  if (typeof body !== "object" || body === null || !("errors" in body)) return [];
  return Object.entries(body.errors ?? {}).map(
    ([parameter, message]) => `${parameter}: ${String(message).trim()}.`,
  );
}

function olderServerHint(said: string): string {
  return said.includes("not defined in schema")
    ? " This Proxmox version does not have the option: remove it or upgrade the node."
    : "";
}
