import { z } from "zod";
import { ConfigError, configFrom } from "../../config/load";
import type { StackConfig } from "../../config/schema";
import { Credentials } from "../../providers/core/credentials";
import type { RunPulumi } from "../stack-in-question";
import type { Patient } from "./diagnose";

const printedConfig = z.record(
  z.string(),
  z.object({ value: z.string().default(""), secret: z.boolean().default(false) }),
);

const printedState = z.object({ deployment: z.object({ resources: z.array(z.unknown()).default([]) }) });

export const project = "proxmox-authentik-sso";

/** What a stack's config and state say, as the Pulumi CLI prints them. */
export async function patientOf(pulumi: RunPulumi): Promise<Patient> {
  const printed = printedConfig.parse(JSON.parse(await pulumi(["config", "--show-secrets", "--json"])));
  const { deployment } = printedState.parse(JSON.parse(await pulumi(["stack", "export"])));
  return {
    nodeVersion: process.versions.node,
    pulumi,
    config: configOrMistakes(printed),
    credentials: new Credentials({ get: (key) => printed[key]?.value }, {}),
    isUp: deployment.resources.length > 0,
  };
}

function configOrMistakes(printed: z.output<typeof printedConfig>): StackConfig | ConfigError {
  const values = Object.fromEntries(Object.entries(printed).map(([key, { value }]) => [key, value]));
  try {
    return configFrom(project, values, (key) => printed[key]?.secret ?? false);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}
