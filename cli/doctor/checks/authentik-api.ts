import { parse } from "yaml";
import { apiSchema, differencesFrom } from "../api/compare";
import { authentikOf } from "../chain";
import { type Check, pass, skip, warn } from "../check";
import type { Subject } from "../subject";
import { isNotMadeYet } from "./answers";

const shown = 20;

/**
 * Compares the server's description of its API with the requirements of this program. A later release may have
 * changed it.
 */
export const authentikApiCheck: Check<Subject> = {
  name: "authentik's API",
  needs: ["authentik token"],
  async look(subject) {
    if (isNotMadeYet(subject)) return undefined;
    const told = await authentikOf(subject).schema();
    if (told === undefined) return skip("authentik does not describe its API at /api/v3/schema/.");
    const { data: schema } = apiSchema.safeParse(typeof told === "string" ? parse(told) : told);
    if (schema === undefined)
      return skip("authentik's answer at /api/v3/schema/ is not a description of an API.");
    const differences = differencesFrom(schema);
    if (differences.length === 0)
      return pass(`authentik ${schema.info.version} has everything that this program sends and reads`);
    const more = differences.length > shown ? [`and ${differences.length - shown} more`] : [];
    return warn(
      [
        `The API of authentik ${schema.info.version} is different:`,
        ...differences.slice(0, shown),
        ...more,
      ].join("\n"),
      "If your configuration uses one of these, pulumi up fails or authentik does not store it. Check for a later version of this program.",
    );
  },
};
