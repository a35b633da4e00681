import type { AxiosError } from "axios";
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
import { describeNeed, howToGrant, missingIn } from "./privileges";
import type { ProxmoxCredential } from "./session";

/** Somebody changed the realm configuration between our read and our write. */
export class DigestConflictError extends UserError {}

/** What a write refers to does not exist: the role of a permission, a group of a user. */
export class MissingReferenceError extends UserError {}

/** A role names a privilege that this version of Proxmox does not have. */
export class InvalidPrivilegeError extends UserError {}

export const retryRules: RetryRules = {
  isRefusedForNow: ({ response }) => response?.status === 429,
  // 595: the privileged daemon behind the API is down. 596 comes after 30 s in which it was busy, and would again.
  isTransient: ({ response }) => [502, 503, 504, 595].includes(response?.status ?? 0),
};

/**
 * Proxmox says what is wrong in the reason phrase, and per parameter in `errors`. A missing or duplicate object
 * is status 500 (pve-access-control, PVE/API2/Domains.pm and User.pm).
 */
export function explain(error: unknown, credential: ProxmoxCredential): Error {
  if (!isAxiosError(error)) return error instanceof Error ? error : new Error(messageOf(error));
  const response = answerOf(error);
  if (response === undefined) return explainNoAnswer(error, "Proxmox", "`proxmoxCa`");
  const said = [response.statusText, ...parameterErrors(response.data)].join(" ").trim();
  const call = request(error);
  if (isRedirect(response)) return explainRedirect(error, "Proxmox", response);
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
      return new UserError(`Proxmox refuses ${call}: ${said}.${missingPrivilege(error, said, credential)}`);
    case 404:
      // Proxmox says 500 of a missing object, and 501 of a path that it does not have.
      return notTheApi(error, "Proxmox");
    case 500:
      if (/^ACL update failed|no such group/.test(said)) {
        return new MissingReferenceError(`Proxmox: ${said}`);
      }
      if (/does not exist|no such user|cannot lookup undefined type/.test(said)) {
        return new NotFoundError(`Proxmox: ${said}`);
      }
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
  if (response.status > 501 && !isSafe(error)) {
    return new OutcomeUnknownError(`Proxmox answered ${call} with ${response.status} ${said}`);
  }
  return new UserError(`Proxmox answered ${call} with ${response.status} ${said}`);
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
