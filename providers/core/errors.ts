/**
 * A fault the user can mend. The message is all they see, so it names the resource, the field, what the server
 * said and what to do next. The stack is empty because Pulumi's plugin prints it to the console.
 */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.stack = "";
  }
}

/** The object that a call addresses does not exist on the server. */
export class NotFoundError extends UserError {}

/** The server refuses the values; that the object exists already may be why. */
export class RejectedError extends UserError {}

/** A write failed in a way that leaves open whether the server has carried it out. */
export class OutcomeUnknownError extends UserError {}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
