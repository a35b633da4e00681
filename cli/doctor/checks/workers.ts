import { RefusedError } from "../../../providers/authentik/errors";
import { NotFoundError } from "../../../providers/core/errors";
import { authentikOf } from "../chain";
import { type Check, fail, pass, skip, warn } from "../check";
import type { Subject } from "../subject";
import { isNotMadeYet } from "./answers";

/**
 * Without a worker, logins work. But authentik applies no blueprints and no new TLS certificate, and sends no mail.
 */
export const workersCheck: Check<Subject> = {
  name: "authentik's worker",
  needs: ["authentik token"],
  async look(subject) {
    if (isNotMadeYet(subject)) return undefined;
    try {
      const workers = await authentikOf(subject).workers();
      if (workers.length === 0) {
        return fail(
          "No worker of authentik runs, so background tasks do not run, such as a new TLS certificate or a directory's users.",
          subject.config.deployAuthentik
            ? "Look at `docker logs` of the worker's container, then run pulumi refresh and pulumi up."
            : "Start authentik's worker, and look at its log.",
        );
      }
      const others = workers.filter(({ version_matching }) => !version_matching);
      return others.length === 0
        ? pass("authentik's worker runs")
        : warn(
            `A worker of authentik has version ${others[0]?.version}, which differs from the server's.`,
            "Upgrade server and worker together.",
          );
    } catch (error) {
      // Releases before 2025.8 have no such list.
      if (error instanceof NotFoundError) return undefined;
      if (error instanceof RefusedError)
        return skip("This token cannot see whether authentik's worker runs.");
      throw error;
    }
  },
};
