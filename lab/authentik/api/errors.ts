import type { Json } from "../store/store";

/** An error answer, in the API's only form for errors. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: Json,
  ) {
    super(JSON.stringify(body));
  }
}

/** An error in one field. The detail is usually a list with one message. */
export class FieldError extends Error {
  readonly detail: Json;

  constructor(detail: Json) {
    super(JSON.stringify(detail));
    this.detail = typeof detail === "string" ? [detail] : detail;
  }
}

export function notFound(model: string): ApiError {
  return new ApiError(404, { detail: `No ${model} matches the given query.` });
}

export function badKey(): ApiError {
  return new ApiError(404, { detail: "Not found." });
}

export function forbidden(detail = "You do not have permission to perform this action."): ApiError {
  return new ApiError(403, { detail });
}

export function invalid(errors: Json): ApiError {
  return new ApiError(400, errors);
}

export function invalidObject(message: string): ApiError {
  return invalid({ non_field_errors: [message] });
}

/** An unhandled exception of the real server: an HTML page with status 500 for GET, an empty 405 for other methods. */
export class Crash extends Error {}
