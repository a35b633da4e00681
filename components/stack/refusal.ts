import { RunError } from "@pulumi/pulumi";
import { UserError } from "../../providers/core/errors";

/**
 * An error in an output that ends the program. Pulumi prints its message unchanged. Before the message of any other
 * error, it puts `error serializing property "…": `, once for each resource that depends on the failed one.
 */
export class Refusal extends RunError {
  constructor(message: string) {
    super(message);
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
  }
}

/** Waits for calls to Docker. If one fails, its error ends the program. */
export async function orRefusal<T>(calls: Promise<T>): Promise<T> {
  try {
    return await calls;
  } catch (error) {
    throw error instanceof UserError ? new Refusal(error.message) : error;
  }
}
