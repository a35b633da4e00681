/** `skip`: a check that this one needs has failed, or its subject does not exist yet. */
export type Level = "pass" | "warn" | "fail" | "skip";

export interface Result {
  readonly level: Level;
  /** The result, in one sentence. */
  readonly found: string;
  /** What to do. */
  readonly advice?: string;
}

/** Checks one requirement of an `up` or a login. Changes nothing. */
export interface Check<Subject> {
  readonly name: string;
  /** Names of checks that must not have failed. Otherwise this check would fail for the same reason. */
  readonly needs?: readonly string[];
  /** Undefined or empty if the check does not apply. */
  look(subject: Subject): Promise<Result | Result[] | undefined>;
}

export interface Finding extends Result {
  readonly check: string;
  /** Name of the Proxmox in the configuration. `sso` is the one of the top-level keys. */
  readonly cluster?: string;
}

export const pass = (found: string): Result => ({ level: "pass", found });
export const warn = (found: string, advice: string): Result => ({ level: "warn", found, advice });
export const fail = (found: string, advice: string): Result => ({ level: "fail", found, advice });
export const skip = (found: string): Result => ({ level: "skip", found });

/** A `UserError` contains both the failure and the fix in one text. */
export function failBy(error: unknown): Result {
  return { level: "fail", found: error instanceof Error ? error.message : String(error) };
}
