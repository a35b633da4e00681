import { z } from "zod";
import { messageOf } from "../../providers/core/errors";
import type { RunPulumi } from "../stack-in-question";

const previewed = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]) });

const previewLimitMs = 10 * 60_000;
const upLimitMs = 60 * 60_000;

/** What an `up` would do, but for what stays as it is. */
interface Step {
  readonly op: string;
  /** `authentik:Certificate` */
  readonly kind: string;
  readonly name: string;
}

/**
 * Renews certificates that are in their window. Nobody looks at it, so that it does nothing else: where other changes wait,
 * a person has to run `up`. Returns what needs attention.
 */
export async function renewCertificates(pulumi: RunPulumi): Promise<string[]> {
  try {
    const printed = await pulumi(["preview", "--json", "--non-interactive"], undefined, previewLimitMs);
    const steps = stepsIn(JSON.parse(printed));
    if (steps.length === 0) return [];
    if (!isRenewal(steps)) {
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
  return previewed.parse(preview).steps.flatMap(({ op, urn }) => {
    const [, , type = "", name = ""] = urn.split("::");
    const kind = type.split("$").at(-1)?.split("/").at(-1) ?? "";
    return ["same", "read", "refresh"].includes(op) ? [] : [{ op, kind, name }];
  });
}

/** A certificate is updated in its place, and what uses it with it. */
function isRenewal(steps: readonly Step[]): boolean {
  return (
    steps.some(({ kind }) => kind === "authentik:Certificate") && steps.every(({ op }) => op === "update")
  );
}
