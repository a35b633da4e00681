import type { AxiosError } from "axios";
import { messageOf, NotFoundError, OutcomeUnknownError, RejectedError, UserError } from "../core/errors";
import { isSafe } from "../http/client";
import {
  explainNoAnswer,
  explainRedirect,
  isAxiosError,
  isRedirect,
  notTheApi,
  request,
} from "../http/failures";

/** The token is not accepted, or its user lacks a permission. */
export class RefusedError extends UserError {}

/** authentik while it starts answers its JSON API with this body, on 2025.10 even with status 200. */
export function isStarting(body: unknown): boolean {
  return typeof body === "object" && body !== null && "error" in body && body.error === "authentik starting";
}

/** Overload and start-up: 429 and 503 have changed nothing; a GET that crashed, or was cut by a proxy, may be asked again. */
export function isTransient(error: AxiosError): boolean {
  const status = error.response?.status ?? 0;
  return [429, 503].includes(status) || ([500, 502, 504].includes(status) && isSafe(error));
}

/** Turns what the API answers, in any of its ways of failing, into one clear sentence. */
export function explain(error: unknown, tokenConfigKey: string): Error {
  if (!isAxiosError(error)) return error instanceof Error ? error : new Error(messageOf(error));
  const response = error.response;
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
