import { type Check, warn } from "../check";
import type { Subject } from "../subject";

/**
 * Pulumi warns of pending operations at each run, and asks people to check the servers. The resources do this check
 * themselves.
 */
export const interruptedCheck: Check<Subject> = {
  name: "Interrupted runs",
  async look({ made: { interrupted = [] } }) {
    if (interrupted.length === 0) return undefined;
    return warn(
      `A run was killed at ${interrupted.join(", ")}: Pulumi warns of "pending operations" at each run.`,
      "Run pulumi up, which recognizes what that run created, then pulumi refresh --clear-pending-creates, which ends the warning.",
    );
  },
};
