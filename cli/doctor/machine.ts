import type { ConfigError } from "../../config/load";
import type { Stack } from "../../config/stack";
import type { RunPulumi } from "../stack/stack-in-question";

/** The machine that runs `up`. */
export interface Machine {
  readonly nodeVersion: string;
  readonly pulumi: RunPulumi;
  readonly config: Stack | ConfigError;
}
