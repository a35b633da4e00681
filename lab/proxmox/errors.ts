/** An answer other than 200. The first line of the message is the reason phrase. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: Record<string, string>,
    readonly afterDelay = false,
  ) {
    super(message);
  }

  get reason(): string {
    return this.message.split("\n")[0] ?? "";
  }
}

/** A write that failed inside its lock. The method puts its own text before the message. */
export class Failure extends Error {}

export function parameterError(errors: Record<string, string>): ApiError {
  return new ApiError(400, "Parameter verification failed.\n", errors);
}

export function internalError(message: string): ApiError {
  return new ApiError(500, `${message}\n`);
}

/** The reason is only in the syslog, and the answer is delayed, to prevent guessing of users. */
export function authenticationFailure(): ApiError {
  return new ApiError(401, "authentication failure\n", undefined, true);
}

/** An answer without a body, as the HTTP server sends before it calls a method. */
export class BareError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    readonly body = "",
    readonly afterDelay = false,
  ) {
    super(reason);
  }
}
