import { coerce, lt } from "semver";
import { UserError } from "./errors";

/**
 * The first version with an option. The object form is for an option that got more values later. `version` is the
 * first one with the values for which `lacks` is true, `before` describes the earlier values, and `others` is the
 * first version with the option.
 */
export type Since =
  | string
  | { version: string; lacks(value: unknown): boolean; before: string; others?: string };

/** Options that differ between the supported versions of a server. */
export interface VersionTable<Inputs, Client> {
  /** The server's name, for messages. */
  readonly server: string;
  /** The first version with an input, if the oldest supported version lacks it. */
  readonly since: Readonly<Partial<Record<keyof Inputs & string, Since>>>;
  /** The alternative for users who cannot upgrade, as a sentence. */
  readonly instead?: Readonly<Partial<Record<keyof Inputs & string, string>>>;
  /** Asks the server for its version, once per process. */
  ask(client: Client): Promise<string>;
}

type Properties = Readonly<Record<string, unknown>>;
type Table = Readonly<Partial<Record<string, Since>>>;

/** An option that is missing or empty is not used. */
function isUsed(value: unknown): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** The first version with each used option that some versions lack. */
function versionsNeeded(
  since: Table,
  given: Properties,
): { option: string; version: string; before?: string }[] {
  return Object.entries(since).flatMap(([option, needed]) => {
    const value = given[option];
    if (needed === undefined || !isUsed(value)) return [];
    if (typeof needed === "string") return [{ option, version: needed }];
    const { version, before, others } = needed;
    if (needed.lacks(value)) return [{ option, version, before }];
    return others ? [{ option, version: others }] : [];
  });
}

/** The used options that this version lacks, as sentences. Empty if the version is unknown. */
export function lackingOptions(server: string, version: string, since: Table, given: Properties): string[] {
  return versionsNeeded(since, given)
    .filter((needed) => isOlder(version, needed.version))
    .map(
      (needed) =>
        `\`${needed.option}\` needs ${server} ${display(needed.version)} or later${needed.before ? ` (before: ${needed.before})` : ""}, and this is ${version}`,
    );
}

/** Whether a server's version (`2025.10.0-rc1`, `8.4`) is older than another. False if it cannot be parsed. */
export function isOlder(version: string, than: string): boolean {
  const actual = coerce(version, { includePrerelease: true });
  return actual !== null && lt(actual, than);
}

/** Whether a server's version matches the configured one. `9.2` matches any 9.2. */
export function isAsSaid(version: string, said: string): boolean {
  const parts = said.split(/[.-]/);
  return version.split(/[.-]/).every((part, index) => (parts[index] ?? part) === part);
}

/** Asks for the server's version only if the inputs use an option that some versions lack. */
export async function requireVersion<Inputs, Client>(
  table: VersionTable<Inputs, Client>,
  client: Client,
  inputs: Properties,
): Promise<void> {
  if (versionsNeeded(table.since, inputs).length === 0) return;
  const lacking = lackingOptions(table.server, await table.ask(client), table.since, inputs);
  if (lacking.length === 0) return;
  const instead = Object.entries<string | undefined>(table.instead ?? {}).flatMap(([option, sentence]) =>
    sentence && lacking.some((reason) => reason.startsWith(`\`${option}\``)) ? [` ${sentence}`] : [],
  );
  throw new UserError(
    `${lacking.join("; ")}. Nothing was written. Remove the option or upgrade ${table.server}.${instead.join("")}`,
  );
}

/** The short form of a version: `2025.10` for `2025.10.0`. */
function display(version: string): string {
  return version.replace(/\.0(-rc\d+)?$/, "");
}
