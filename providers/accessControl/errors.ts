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
import { DigestConflictError, isProxmoxJson, MissingReferenceError } from "../proxmox/errors";
import { type ProxmoxCredential, userOf } from "../proxmox/session";
import type { Product } from "./product";

/** The credential lacks a permission. */
export class RefusedError extends UserError {
  /** What its user and its token need, e.g. `Admin on /access`. */
  readonly needs: string;

  constructor(message: string, { adminRole, name }: Product) {
    super(message);
    this.needs = `${name}: ${adminRole} on /access`;
  }
}

/** The realm at this address is not of type openid. */
export class OtherTypeError extends UserError {
  constructor(
    message: string,
    readonly type: string,
  ) {
    super(message);
  }
}

/** The privileged daemon is down, and nothing was done (recorded). */
const daemonIsDown = /^client error \(Connect\)/;

export const retryRules: RetryRules = {
  isRefusedForNow: ({ response }) =>
    response?.status === 429 || (response?.status === 400 && daemonIsDown.test(wordOf(response) ?? "")),
  isTransient: ({ response }) => [502, 503, 504].includes(response?.status ?? 0),
};

const missing = /^(?:no such (?:openid|user) '.*'|(?:realm|user) '.*' does not exist\.?)$/;
const lacksReference = /^(?:no such (?:user|API token)\.?|unknown realm .*)$/;

/** The server's own error text. It is plain text, although its type says JSON (recorded). */
export function wordOf({ status, headers, data }: AxiosResponse<unknown>): string | undefined {
  const type = String(headers["content-type"] ?? "");
  // A proxy that asks for its own password. These servers never send this header.
  if (headers["www-authenticate"] !== undefined) return undefined;
  // The answer to a refused credential has no type.
  if (!type.startsWith("application/json") && !(status === 401 && type === "")) return undefined;
  return typeof data === "string" && data.trim() !== "" ? data.trim() : undefined;
}

export function explain(error: unknown, product: Product, credential: ProxmoxCredential): Error {
  if (!isAxiosError(error)) return error instanceof Error ? error : new Error(messageOf(error));
  const response = answerOf(error);
  if (response === undefined) return explainNoAnswer(error, product.name, "`caCertificate`");
  if (isRedirect(response)) return explainRedirect(response, "Proxmox");
  const said = wordOf(response);
  if (said === undefined) return notItself(response, product);
  const call = request(error);
  switch (response.status) {
    case 401:
      return new UserError(refusal(said, product, credential));
    case 403:
      return new RefusedError(
        `${product.name} refuses ${call}: ${said}. ${whatItNeeds(product, credential)}`,
        product,
      );
    case 400:
    case 404:
      return explainRefused(said, error, product, credential);
    default:
      return new UserError(`${product.name} answered ${call} with ${response.status}: ${said}`);
  }
}

function explainRefused(
  said: string,
  error: AxiosError,
  product: Product,
  credential: ProxmoxCredential,
): Error {
  const says = `${product.name}: ${said}`;
  const [, type] = /^got unexpected type '(.*)' for openid /.exec(said) ?? [];
  if (type !== undefined) return new OtherTypeError(says, type);
  if (missing.test(said) && error.config?.method !== "post") return new NotFoundError(says);
  if (lacksReference.test(said)) return new MissingReferenceError(says);
  if (/already exists/.test(said)) return new RejectedError(says);
  if (said.startsWith("detected modified configuration")) return new DigestConflictError(says);
  // A token that may not change permissions gets this message instead of 403.
  if (/^Unprivileged API tokens|^Unprivileged users/.test(said)) {
    return new UserError(`${says} ${whatItNeeds(product, credential)}`);
  }
  const call = request(error);
  if (daemonIsDown.test(said)) {
    return new UserError(
      `${product.name} cannot do ${call} (${said}): check systemctl status ${product.daemon} on it.`,
    );
  }
  const hint = /schema does not allow additional properties/.test(said)
    ? " This version does not have the option: remove it or upgrade the server."
    : "";
  return new UserError(`${product.name} refuses ${call}: ${said}${hint}`);
}

function refusal(said: string, product: Product, credential: ProxmoxCredential): string {
  return "token" in credential
    ? `${product.name} refuses the API token in config key "${credential.configKey}" (${said}). It must have the form ` +
        `"user@realm!name${product.credentialForm.separator}secret", exist and not be expired.`
    : `${product.name} refuses the login of "${credential.username}" with the password in config key "${credential.configKey}" (${said}). ` +
        "A user with a second factor cannot be used: create an API token instead.";
}

/**
 * Grants a credential everything that this program needs. A token has no permissions of its own, even for root
 * (recorded).
 */
export function whatItNeeds(product: Product, credential: ProxmoxCredential): string {
  const user = userOf(credential, product.credentialForm);
  const [token = ""] =
    "token" in credential ? credential.token.split(product.credentialForm.separator) : [user];
  const who = [...new Set([user, token])];
  const both = who.length > 1 ? ", for the user and for the token" : "";
  return `It needs the role ${product.adminRole} on /access${both}. ${product.howToGrant(product.adminRole, "/access", who)}`;
}

/** An answer from a proxy or another product. */
function notItself(response: AxiosResponse<unknown>, product: Product): UserError {
  if (response.status < 502 || isProxmoxJson(response.data)) return notTheApi(response, "Proxmox");
  const message = `${product.name} answered ${request(response)} with ${response.status} ${response.statusText}${senderInBrackets(response)}`;
  return isSafe(response) ? new UserError(message) : new OutcomeUnknownError(message);
}
