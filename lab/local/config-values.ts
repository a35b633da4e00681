import { z } from "zod";
import { configKey } from "../../config/schema";
import type { LabPulumi } from "./pulumi";

const printedConfig = z.record(
  z.string(),
  z.object({ value: z.string().optional(), secret: z.boolean().optional() }),
);

/** The values of the lab's stack config by key, without the namespace. */
export type ConfigValues = Record<string, string | undefined>;

export async function readConfig(pulumi: LabPulumi): Promise<ConfigValues> {
  const printed = printedConfig.parse(
    JSON.parse(await pulumi.capture(["config", "--show-secrets", "--json"])),
  );
  return Object.fromEntries(
    Object.entries(printed).map(([key, { value }]) => [key.slice(key.indexOf(":") + 1), value]),
  );
}

export interface WantedValue {
  key: string;
  value: string;
  secret: boolean;
}

/** Writes only changed values, because each Pulumi command takes a moment. */
export async function setConfig(
  pulumi: LabPulumi,
  current: ConfigValues,
  wanted: WantedValue[],
): Promise<void> {
  for (const { key, value, secret } of wanted) {
    if (current[key]?.trim() === value.trim()) continue;
    // Through standard input, because every user of the machine can see arguments.
    await pulumi.capture(["config", "set", configKey(key), secret ? "--secret" : "--plaintext"], value);
  }
}
