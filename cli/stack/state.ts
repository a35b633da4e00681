import { z } from "zod";
import { knowCertificates } from "../../providers/core/certificates";
import { Credentials } from "../../providers/core/credentials";
import type { RunPulumi } from "./stack-in-question";

const printedConfig = z.record(z.string(), z.object({ value: z.string().optional() }));

const printedState = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          parent: z.string().optional(),
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

/** A resource in the stack's state. */
export type StateResource = z.output<typeof printedState>["deployment"]["resources"][number];

export async function stateOf(pulumi: RunPulumi): Promise<StateResource[]> {
  // Without the passphrase, for example in a nightly backup, the unencrypted values are enough.
  const decrypted = pulumi(["stack", "export", "--show-secrets"]).catch(() => pulumi(["stack", "export"]));
  return resourcesIn(JSON.parse(await decrypted));
}

export function resourcesIn(exported: unknown): StateResource[] {
  return printedState.parse(unwrapped(exported)).deployment.resources;
}

const secret = z.object({
  "4dabf18193072939515e22adb298388d": z.literal("1b47061264138c4ac30d75fd1eb44270"),
  plaintext: z.string().optional(),
});

/** Replaces Pulumi's secrets by their values, if they are decrypted. The user may have encrypted any value. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const { data } = secret.safeParse(value);
  if (data) return data.plaintext === undefined ? "[secret]" : JSON.parse(data.plaintext);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner)]));
}

/** The names of resources with pending operations of an interrupted run. */
export function interruptedIn(exported: unknown): string[] {
  const { pending_operations } = printedPending.parse(exported).deployment;
  return pending_operations.map(({ resource }) => resource.urn.split("::").at(-1) ?? "");
}

/** Resources of one type, such as `proxmox:OpenIdRealm`. */
export function ofKind(resources: readonly StateResource[], kind: string): StateResource[] {
  return resources.filter(({ type }) => type.endsWith(`/${kind}`));
}

/** The stack's config by full key, with decrypted secrets. */
export async function configValuesOf(pulumi: RunPulumi): Promise<Record<string, string | undefined>> {
  const printed = printedConfig.parse(JSON.parse(await pulumi(["config", "--show-secrets", "--json"])));
  const values = Object.fromEntries(Object.entries(printed).map(([key, { value }]) => [key, value]));
  knowCertificates(values);
  return values;
}

export function credentialsIn(config: Readonly<Record<string, string | undefined>>): Credentials {
  return new Credentials({ get: (key) => config[key] }, {});
}
