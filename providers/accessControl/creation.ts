import { UserError } from "../core/errors";
import { MissingReferenceError } from "../proxmox/errors";
import type { Parameters } from "../proxmox/options";
import type { AccessControlClient } from "./client";

/** Creates a user. The server refuses one whose realm does not exist. */
export async function createUser(
  client: AccessControlClient,
  userid: string,
  parameters: Parameters,
): Promise<void> {
  try {
    await client.createUser(userid, parameters);
  } catch (error) {
    if (!(error instanceof MissingReferenceError)) throw error;
    const advice = "The realm must exist before its users: create it first, and let the user depend on it.";
    throw new UserError(`${error.message}. ${advice}`, { cause: error });
  }
}
