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

/** The token is not accepted, or its user lacks a permission. */
export class RefusedError extends UserError {}

/** authentik while it starts answers its JSON API with this body, on 2025.10 even with status 200. */
export function isStarting(body: unknown): boolean {
  return typeof body === "object" && body !== null && "error" in body && body.error === "authentik starting";
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
  const said = describeBody(response.data);
  const call = `authentik answered ${request(error)} with ${response.status}`;
  if (isRedirect(response)) return explainRedirect(error, "authentik", response);
  switch (response.status) {
    case 400:
      return new RejectedError(`authentik refuses it: ${said}`);
    case 403:
      return new RefusedError(
        `authentik refuses the API token in config key "${tokenConfigKey}" for ${request(error)}: ${said || "forbidden"}. ` +
          "Either the token is wrong or expired, or its user lacks the permission. " +
          "A database that was first started with another bootstrap token keeps that one.",
      );
    case 404:
      // authentik says in JSON that an object is missing; an HTML page is another path, or another server.
      return said ? new NotFoundError(`${call}: ${said}`) : notTheApi(error, "authentik");
    case 405:
      // A crash while writing answers 405 with an empty body; a real 405 has JSON.
      if (!said) {
        return new OutcomeUnknownError(
          `${call} and an empty body, its sign of a crash inside. The write may have happened; see the server's log.`,
        );
      }
  }
  const message = `${call}: ${said || "see the server's log"}`;
  return response.status >= 500 && !isSafe(error) ? new OutcomeUnknownError(message) : new UserError(message);
}

function describeBody(body: unknown): string {
  if (typeof body === "string") return body.trim().startsWith("<") ? "" : body.trim();
  if (typeof body !== "object" || body === null) return "";
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
