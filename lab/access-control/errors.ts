/** An answer other than 200, as plain text. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Whether the error comes from the layer below the API. */
    readonly hasNoType = false,
  ) {
    super(message);
  }
}

export function refused(message: string): ApiError {
  return new ApiError(400, message);
}

export function parameterErrors(errors: readonly (readonly [name: string, problem: string])[]): ApiError {
  const [first, ...others] = errors.map(([name, problem]) => `- '${name}': ${problem}`);
  return refused(
    others.length === 0
      ? `parameter verification failed ${first}`
      : `parameter verification failed:\n${[first, ...others].join("\n")}`,
  );
}
