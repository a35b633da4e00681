import type { ConfigError } from "../../config/load";
import type { Stack } from "../../config/stack";
import type { RunPulumi } from "../stack-in-question";

/** What an `up` runs on here. */
export interface Machine {
  readonly nodeVersion: string;
  readonly pulumi: RunPulumi;
  readonly config: Stack | ConfigError;
}
