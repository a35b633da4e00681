import { z } from "zod";
import { knowCertificates } from "../providers/core/certificates";
import { Credentials } from "../providers/core/credentials";
import type { RunPulumi } from "./stack-in-question";

const printedConfig = z.record(z.string(), z.object({ value: z.string().optional() }));

const printedState = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          inputs: z.record(z.string(), z.unknown()).default({}),
          outputs: z.record(z.string(), z.unknown()).default({}),
        }),
      )
      .default([]),
  }),
});

const printedPending = z.object({
  deployment: z.object({
    pending_operations: z.array(z.object({ resource: z.object({ urn: z.string() }) })).default([]),
  }),
});

/** A resource as the stack's state has it, secrets encrypted. */
export type StateResource = z.output<typeof printedState>["deployment"]["resources"][number];

export async function stateOf(pulumi: RunPulumi): Promise<StateResource[]> {
  return resourcesIn(JSON.parse(await pulumi(["stack", "export"])));
}

export function resourcesIn(exported: unknown): StateResource[] {
  return printedState.parse(exported).deployment.resources;
}

/** The resources at which a run was killed, by their names in the program. */
export function interruptedIn(exported: unknown): string[] {
  const { pending_operations } = printedPending.parse(exported).deployment;
  return pending_operations.map(({ resource }) => resource.urn.split("::").at(-1) ?? "");
}

/** Those of one kind, such as `proxmox:OpenIdRealm`. */
export function ofKind(resources: readonly StateResource[], kind: string): StateResource[] {
  return resources.filter(({ type }) => type.endsWith(`/${kind}`));
}

/** The stack's config by full key, secrets decrypted. */
export async function configValuesOf(pulumi: RunPulumi): Promise<Record<string, string | undefined>> {
  const printed = printedConfig.parse(JSON.parse(await pulumi(["config", "--show-secrets", "--json"])));
  const values = Object.fromEntries(Object.entries(printed).map(([key, { value }]) => [key, value]));
  knowCertificates(values);
  return values;
}

export function credentialsIn(config: Readonly<Record<string, string | undefined>>): Credentials {
  return new Credentials({ get: (key) => config[key] }, {});
}
