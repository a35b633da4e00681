import { readFileSync } from "node:fs";
import { isSecretKey } from "../../config/schema";
import { fromEnvironment, pair } from "./pairs";

/** Something on a server that is made after the last question, for a secret of the config. */
export interface ToMake {
  readonly what: string;
  /** The config's secrets that come of it, and how it is taken back. */
  make(): Promise<{ secret: Record<string, string>; undo(): Promise<void> }>;
}

/** A stack that is to be made. Keys are those of Pulumi.yaml, with `[0]` for an entry of a list. */
export interface NewStack {
  readonly name: string;
  readonly plain: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
  readonly made: readonly ToMake[];
}

export interface InitFlags {
  stack?: string;
  /** `key=value`; a value that begins with @ is read from that file. */
  set?: string[];
  /** Of further clusters, `proxmox-<name>=value`. */
  answer?: string[];
  clusters?: string;
  production?: boolean;
  /** Do it, without the last question. */
  yes?: boolean;
  /** Answers of questions, by the names of `questionFlags`. */
  [question: string]: string | string[] | boolean | undefined;
  /** `key=NAME`, since arguments are shown to everyone on the machine. */
  secretEnv?: string[];
}

/** What the flags say, so that nobody is asked. */
export function newStackFrom({ stack, set = [], secretEnv = [] }: InitFlags): NewStack {
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
