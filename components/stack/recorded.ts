import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { stackLabel } from "../../providers/docker/objects";

/** A resource as the stack's state has it. */
export interface Recorded {
  readonly urn: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const answer = z.object({
  outputs: z.record(z.string(), z.looseObject({ outputs: z.record(z.string(), z.unknown()).default({}) })),
});

const labelled = z.looseObject({ labels: z.array(z.looseObject({ label: z.string(), value: z.string() })) });

/** Everything in the stack's state: the engine has it for its own program, at preview too. Nothing before the first `up`. */
export async function recordedResources(): Promise<Recorded[]> {
  const organization = organizationHere();
  if (organization === undefined) return [];
  const stackName = `${organization}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const told = answer.safeParse(
    await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName }),
  );
  if (!told.success) return [];
  return Object.entries(told.data.outputs).map(([urn, { outputs }]) => ({ urn, outputs }));
}

/** With mocks, as in a test of somebody's program, there may be none, and no state. */
function organizationHere(): string | undefined {
  try {
    return pulumi.getOrganization();
  } catch {
    return undefined;
  }
}

export function idsIn(recorded: readonly Recorded[]): string[] {
  return recorded.map(({ outputs }) => String(outputs.id));
}

/** The one of a Pulumi type and name. */
export function recordedAs(
  recorded: readonly Recorded[],
  type: string,
  name: string,
): Recorded["outputs"] | undefined {
  return recorded.find(({ urn }) => urn.endsWith(`${type}::${name}`))?.outputs;
}

/**
 * What the names of the volumes began with when they were made. Docker cannot rename a volume, and it holds the data: after
 * `pulumi stack rename`, in another project or with another `prefix` it keeps its name.
 */
export function volumePrefixIn(recorded: readonly Recorded[], prefix: string): string {
  const prefixes = ["database", "authentik-data", "redis-data"].flatMap((name) => {
    const volume = labelled.safeParse(recordedAs(recorded, "docker:index/volume:Volume", name));
    return volume.data?.labels.filter(({ label }) => label === stackLabel).map(({ value }) => value) ?? [];
  });
  return prefixes[0] ?? prefix;
}
