/** `skip`: what it rests on failed, or is not there yet. */
export type Level = "pass" | "warn" | "fail" | "skip";

export interface Result {
  readonly level: Level;
  /** What was found, in a sentence. */
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** One thing that must be right before or after an `up`, looked at without changing anything. */
export interface Check<Subject> {
  readonly name: string;
  /** Names of checks that must not have failed, since this one would only fail by the same cause. */
  readonly needs?: readonly string[];
  /** Undefined, or no result, where it does not apply. */
  look(subject: Subject): Promise<Result | Result[] | undefined>;
}

export interface Finding extends Result {
  readonly check: string;
  /** The Proxmox that it is about, by its name in the configuration; `sso` is the one of the top-level keys. */
  readonly cluster?: string;
}

export const pass = (found: string): Result => ({ level: "pass", found });
export const warn = (found: string, advice: string): Result => ({ level: "warn", found, advice });
export const fail = (found: string, advice: string): Result => ({ level: "fail", found, advice });
export const skip = (found: string): Result => ({ level: "skip", found });

/** A `UserError` says what went wrong and what to do in one text. */
export function failBy(error: unknown): Result {
  return { level: "fail", found: error instanceof Error ? error.message : String(error) };
}
