import type { AxiosResponse } from "axios";
import { messageOf, NotFoundError, OutcomeUnknownError, RejectedError, UserError } from "../core/errors";
import {
  answeredByProxy,
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

/** authentik refuses the token, or its user lacks a permission. */
export class RefusedError extends UserError {}

/** authentik itself answers, and its release has no such path (recorded: its own page with 404). */
export class UnknownPathError extends UserError {}

/** The body of API answers while authentik starts. Release 2025.10 sends it even with status 200. */
function isStarting(body: unknown): boolean {
  return typeof body === "object" && body !== null && "error" in body && body.error === "authentik starting";
}

/**
 * Whether a page comes from authentik: its pages contain its name, and its server adds headers that proxies pass
 * on.
 */
export function isPageOfAuthentik({ headers, data }: AxiosResponse<unknown>): boolean {
  return (
    /authentik/.test(String(headers["x-powered-by"])) ||
    headers["x-authentik-id"] !== undefined ||
    (typeof data === "string" && data.includes("Powered by authentik"))
  );
}

export const retryRules: RetryRules = {
  isRefusedForNow: ({ response }) => response?.status === 429 || isStarting(response?.data),
  // A status such as 503 may come from a proxy after authentik has handled the request. An empty 405 is a crash
  // during a write.
  isTransient: ({ response }) =>
    response !== undefined &&
    ([500, 502, 503, 504].includes(response.status) || (response.status === 405 && !response.data)),
  isAnswer: ({ status, data }) => status < 300 && !isStarting(data),
};

/** Converts every kind of failure of the API into one clear message. */
export function explain(error: unknown, tokenConfigKey: string): Error {
  if (!isAxiosError(error)) return error instanceof Error ? error : new Error(messageOf(error));
  if (isStarting(error.response?.data)) {
    return new UserError("authentik is still starting. Wait until it is ready and run the command again.");
  }
  const response = answerOf(error);
  if (response === undefined) return explainNoAnswer(error, "authentik", "the CA certificate of authentik");
  if (isRedirect(response)) return explainRedirect(response, "authentik");
  const detail = detailOf(response);
  const call = `authentik answered ${request(error)} with ${response.status}`;
  switch (response.status) {
    case 400:
      return isObject(response) && hasFieldErrors(response.data)
        ? new RejectedError(`authentik refuses it: ${withAdvice(describeErrors(response.data))}`)
        : notTheApi(response, "authentik");
    case 403:
      if (detail === undefined) return notTheApi(response, "authentik");
      return new RefusedError(
        `authentik refuses the API token in config key "${tokenConfigKey}" for ${request(error)}: ${detail}. ` +
          "Either the token is wrong or expired, or its user lacks the permission. " +
          "A database that was first started with another bootstrap token keeps that one.",
      );
    case 404:
      if (saysMissing(detail)) return new NotFoundError(`${call}: ${detail}`);
      return isSafe(error) && isPageOfAuthentik(response)
        ? new UnknownPathError(notTheApi(response, "authentik").message)
        : notTheApi(response, "authentik");
    case 405:
      // A crash during a write answers 405 with an empty body. A real 405 has JSON.
      if (!response.data) {
        return new OutcomeUnknownError(
          `${call} and an empty body, its sign of a crash inside. The write may have happened; see the server's log.`,
        );
      }
  }
  if (response.status >= 500) {
    const said = detail ?? `see the server's log.${answeredByProxy(response)}`;
    const message = `${call}${senderInBrackets(response)}: ${said}`;
    return isSafe(error) ? new UserError(message) : new OutcomeUnknownError(message);
  }
  return detail === undefined ? notTheApi(response, "authentik") : new UserError(`${call}: ${detail}`);
}

/** An object that the state knows, a group say, may have been deleted by a person or by another stack. */
function withAdvice(said: string): string {
  return /Invalid pk .* object does not exist/.test(said)
    ? `${said} Something that this object needs is gone from authentik: run pulumi refresh, which notices it, then pulumi up.`
    : said;
}

/** The text of `detail`, authentik's form for every failure except an invalid field (recorded). */
function detailOf(response: AxiosResponse<unknown>): string | undefined {
  if (!isObject(response)) return undefined;
  const { detail, code: _, ...others } = response.data;
  return typeof detail === "string" && Object.keys(others).length === 0 ? detail : undefined;
}

/**
 * Only these two texts mean that an object does not exist (recorded): the second for an invalid key. Any other 404
 * comes from a proxy without a route, from another product, or from a page of a list.
 */
function saysMissing(detail: string | undefined): detail is string {
  return detail !== undefined && /^(No \w+ matches the given query|Not found)\.$/.test(detail);
}

function isObject(response: AxiosResponse<unknown>): response is AxiosResponse<Record<string, unknown>> {
  const { headers, data } = response;
  const isJson = /\bjson\b/.test(String(headers["content-type"]));
  return isJson && typeof data === "object" && data !== null && !Array.isArray(data);
}

/** Only two fields contain a single text. For all others, authentik sends a list of errors (recorded). */
function hasFieldErrors(body: Record<string, unknown>): boolean {
  return Object.entries(body).every(
    ([field, messages]) =>
      field === "detail" ||
      field === "non_field_errors" ||
      (typeof messages === "object" && messages !== null),
  );
}

function describeErrors(body: Record<string, unknown>): string {
  return Object.entries(body)
    .map(([field, messages]) => {
      const text = typeof messages === "string" ? messages : listed(messages);
      return field === "detail" || field === "non_field_errors" ? text : `${field}: ${text}`;
    })
    .join("; ");
}

function listed(messages: unknown): string {
  return Array.isArray(messages) && messages.every((message) => typeof message === "string")
    ? messages.join(" ")
    : JSON.stringify(messages);
}
