import type { AxiosResponse } from "axios";
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

/** The token is not accepted, or its user lacks a permission. */
export class RefusedError extends UserError {}

/** authentik while it starts answers its JSON API with this body, on 2025.10 even with status 200. */
export function isStarting(body: unknown): boolean {
  return typeof body === "object" && body !== null && "error" in body && body.error === "authentik starting";
}

/** Whether authentik itself made a page: its own pages say so, and its server adds headers that a proxy passes on. */
export function isPageOfAuthentik({ headers, data }: AxiosResponse<unknown>): boolean {
  return (
    /authentik/.test(String(headers["x-powered-by"])) ||
    headers["x-authentik-id"] !== undefined ||
    (typeof data === "string" && data.includes("Powered by authentik"))
  );
}

export const retryRules: RetryRules = {
  isRefusedForNow: ({ response }) => response?.status === 429 || isStarting(response?.data),
  // A 503 and the like may also be a proxy's, after authentik has acted. An empty 405 is a crash while writing.
  isTransient: ({ response }) =>
    response !== undefined &&
    ([500, 502, 503, 504].includes(response.status) || (response.status === 405 && !response.data)),
  isAnswer: ({ status, data }) => status < 300 && !isStarting(data),
};

/** Turns what the API answers, in any of its ways of failing, into one clear sentence. */
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
        ? new RejectedError(`authentik refuses it: ${describeErrors(response.data)}`)
        : notTheApi(response, "authentik");
    case 403:
      if (detail === undefined) return notTheApi(response, "authentik");
      return new RefusedError(
        `authentik refuses the API token in config key "${tokenConfigKey}" for ${request(error)}: ${detail}. ` +
          "Either the token is wrong or expired, or its user lacks the permission. " +
          "A database that was first started with another bootstrap token keeps that one.",
      );
    case 404:
      return saysMissing(detail) ? new NotFoundError(`${call}: ${detail}`) : notTheApi(response, "authentik");
    case 405:
      // A crash while writing answers 405 with an empty body; a real 405 has JSON.
      if (!response.data) {
        return new OutcomeUnknownError(
          `${call} and an empty body, its sign of a crash inside. The write may have happened; see the server's log.`,
        );
      }
  }
  if (response.status >= 500) {
    const message = `${call}${senderInBrackets(response)}: ${detail ?? "see the server's log"}`;
    return isSafe(error) ? new UserError(message) : new OutcomeUnknownError(message);
  }
  return detail === undefined ? notTheApi(response, "authentik") : new UserError(`${call}: ${detail}`);
}

/** What authentik says in the one form that it has for every failure but a wrong field (recorded). */
function detailOf(response: AxiosResponse<unknown>): string | undefined {
  if (!isObject(response)) return undefined;
  const { detail, code: _, ...others } = response.data;
  return typeof detail === "string" && Object.keys(others).length === 0 ? detail : undefined;
}

/**
 * Only these two mean that an object does not exist (recorded): the second where the key is none. Another 404 is of a
 * proxy that lost its route, of another product, or of a page of a list.
 */
function saysMissing(detail: string | undefined): detail is string {
  return detail !== undefined && /^(No \w+ matches the given query|Not found)\.$/.test(detail);
}

function isObject(response: AxiosResponse<unknown>): response is AxiosResponse<Record<string, unknown>> {
  const { headers, data } = response;
  const isJson = /\bjson\b/.test(String(headers["content-type"]));
  return isJson && typeof data === "object" && data !== null && !Array.isArray(data);
}

/** A text stands for itself in two fields only; authentik lists what is wrong with any other (recorded). */
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
