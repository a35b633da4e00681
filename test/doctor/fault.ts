import type { RecordedStack } from "../../cli/doctor/subject";
import type { Lab } from "./lab";

/** One thing that is wrong, and what the doctor must say of it. */
export interface Fault {
  readonly name: string;
  /** Before the first `up`, with authentik on Docker still to be made. */
  readonly beforeUp?: true;
  /** Config values that are wrong. */
  readonly config?: (lab: Lab) => Record<string, string> | Promise<Record<string, string>>;
  /** Config keys that are missing. */
  readonly without?: readonly string[];
  /** Config keys whose values are not encrypted. */
  readonly inPlainText?: readonly string[];
  /** What is wrong on a server, and how it is set right again. */
  readonly plant?: (lab: Lab) => Promise<unknown>;
  readonly undo?: (lab: Lab) => Promise<unknown>;
  readonly nodeVersion?: string;
  readonly pulumiVersion?: string;
  /** The version of the only one that is installed. */
  readonly dockerPlugin?: string;
  /** What is not made yet. */
  readonly made?: Partial<RecordedStack>;
  /** The groups of authentik that the state knows. */
  readonly groups?: (lab: Lab) => Promise<RecordedStack["groups"]>;
  readonly level?: "warn";
  /** The Proxmox that is at fault, where that has to be said: `sso` is the first one. */
  readonly cluster?: string;
  /** The check that finds it: no other one may warn or fail. */
  readonly check: string;
  /** But for these, which are about what it takes to plant the fault. */
  readonly besides?: string;
  readonly says: RegExp;
}
