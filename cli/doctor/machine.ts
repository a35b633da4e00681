import type { ConfigError } from "../../config/load";
import type { StackConfig } from "../../config/schema";
import type { RunPulumi } from "../stack-in-question";

/** What an `up` runs on here. */
export interface Machine {
  readonly nodeVersion: string;
  readonly pulumi: RunPulumi;
  readonly config: StackConfig | ConfigError;
}
