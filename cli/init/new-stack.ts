import { readFileSync } from "node:fs";
import { isSecretKey } from "../../config/schema";
import { fromEnvironment, pair } from "./pairs";

/** An object on a server that is created after the last question, for a secret of the config. */
export interface ToMake {
  readonly what: string;
  /** Creates it. Returns the config's secrets, and a function that deletes the object. */
  make(): Promise<{ secret: Record<string, string>; undo(): Promise<void> }>;
}

/** A stack to create. Keys are those of Pulumi.yaml, with `[0]` for an entry of a list. */
export interface NewStack {
  readonly name: string;
  readonly plain: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
  readonly made: readonly ToMake[];
}

export interface InitFlags {
  stack?: string;
  /** `key=value`. A value that starts with @ is read from that file. */
  set?: string[];
  /** Answers for further clusters, `proxmox-<name>=value`. */
  answer?: string[];
  clusters?: string;
  production?: boolean;
  /** Create the stack without the last question. */
  yes?: boolean;
  /** Answers to questions, by the names in `questionFlags`. */
  [question: string]: string | string[] | boolean | undefined;
  /** `key=NAME` with the name of an environment variable, because every user of the machine can see arguments. */
  secretEnv?: string[];
}

/** Converts the flags, so a script needs no questions. */
export function newStackFrom({ stack, set = [], secretEnv = [], production, clusters }: InitFlags): NewStack {
  if (production) throw new Error("--production does nothing with --set. Use --set production=true.");
  if (clusters)
    throw new Error("--clusters does nothing with --set. Use --set clusters.<name>.<option>=<value>.");
  return {
    name: stack ?? "prod",
    plain: Object.fromEntries(set.map(pair).map(([key, value]) => [requirePlain(key), textOrFile(value)])),
    secret: Object.fromEntries(secretEnv.map(pair).map(([key, name]) => [key, fromEnvironment(name)])),
    made: [],
  };
}

function requirePlain(key: string): string {
  const name = key.replace(/^.*:/, "");
  if (!isSecretKey(name)) return key;
  throw new Error(
    `${name} is a secret, and arguments are shown to everyone on the machine: --secret-env ${name}=<name of an environment variable>.`,
  );
}

function textOrFile(value: string): string {
  return value.startsWith("@") ? readFileSync(value.slice(1), "utf8") : value;
}
