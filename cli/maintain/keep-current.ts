import { z } from "zod";
import { messageOf } from "../../providers/core/errors";
import type { RunPulumi } from "../stack/stack-in-question";

const previewed = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]) });

const previewLimitMs = 10 * 60_000;
const upLimitMs = 60 * 60_000;

/** What an `up` would do with a resource. */
interface Step {
  readonly op: string;
  /** `authentik:Certificate` */
  readonly kind: string;
  readonly name: string;
}

/**
 * Renews certificates shortly before they expire. On a product without a groups claim, gives roles to people who
 * have joined a group. It runs unattended, so it does nothing if other changes are pending: a person must run `up`.
 * Returns the problems that need attention.
 */
export async function keepCurrent(pulumi: RunPulumi): Promise<string[]> {
  try {
    const printed = await pulumi(["preview", "--json", "--non-interactive"], undefined, previewLimitMs);
    const all = stepsIn(JSON.parse(printed));
    const steps = all.filter(({ op }) => !["same", "read", "refresh"].includes(op));
    // Only an `up` asks authentik for the members, so its preview shows nothing.
    if (steps.length === 0 && !all.some(({ kind }) => kind === "sso:GroupMembers")) return [];
    if (steps.length > 0 && !isRenewal(steps)) {
      const names = steps.map(({ op, name }) => `${op} ${name}`).join(", ");
      return [`pulumi up has changes to make that nobody has applied: ${names}`];
    }
    const output = await pulumi(["up", "--yes", "--skip-preview", "--non-interactive"], undefined, upLimitMs);
    console.log(output);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

function stepsIn(preview: unknown): Step[] {
  return previewed.parse(preview).steps.map(({ op, urn }) => {
    const [, , type = "", name = ""] = urn.split("::");
    const kind = type.split("$").at(-1)?.split("/").at(-1) ?? "";
    return { op, kind, name };
  });
}

/** A certificate is updated in place, together with the resources that use it. */
function isRenewal(steps: readonly Step[]): boolean {
  return (
    steps.some(({ kind }) => kind === "authentik:Certificate") && steps.every(({ op }) => op === "update")
  );
}
