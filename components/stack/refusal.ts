import { RunError } from "@pulumi/pulumi";
import { UserError } from "../../providers/core/errors";

/**
 * An error in an output that ends the program. It keeps its words: Pulumi puts `error serializing property "…": ` before
 * the message of any other error, once for each resource between the error and the last one that depends on it.
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
