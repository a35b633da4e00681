import type { RecordedStack } from "../../cli/doctor/subject";
import type { Lab } from "./lab";

/** A fault, and the finding that the doctor must report. */
export interface Fault {
  readonly name: string;
  /** Before the first `up`, which will create authentik on Docker. */
  readonly beforeUp?: true;
  /** Wrong config values. */
  readonly config?: (lab: Lab) => Record<string, string> | Promise<Record<string, string>>;
  /** Missing config keys. */
  readonly without?: readonly string[];
  /** Config keys whose values are not encrypted. */
  readonly inPlainText?: readonly string[];
  /** Causes the fault on a server, and undoes it. */
  readonly plant?: (lab: Lab) => Promise<unknown>;
  readonly undo?: (lab: Lab) => Promise<unknown>;
  readonly nodeVersion?: string;
  readonly pulumiVersion?: string;
  /** The only installed version. */
  readonly dockerPlugin?: string;
  /** Objects that do not exist yet. */
  readonly made?: Partial<RecordedStack>;
  /** The groups of authentik in the state. */
  readonly groups?: (lab: Lab) => Promise<RecordedStack["groups"]>;
  readonly level?: "warn";
  /** The Proxmox with the fault, if it must be named. `sso` is the first one. */
  readonly cluster?: string;
  /** The check that finds it. No other check may warn or fail. */
  readonly check: string;
  /** Other checks that may warn or fail too. */
  readonly besides?: string;
  readonly says: RegExp;
}
