/**
 * An error that the user can fix. The message names the resource, the field, the server's answer and the next step.
 * The stack is empty because Pulumi's plugin prints it to the console.
 */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.stack = "";
  }
}

/** The object of a call does not exist on the server. */
export class NotFoundError extends UserError {}

/** The server refuses the values, possibly because the object exists already. */
export class RejectedError extends UserError {}

/** A write failed, and the server may or may not have carried it out. */
export class OutcomeUnknownError extends UserError {}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
