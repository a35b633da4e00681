import { coerce, lt } from "semver";
import { UserError } from "./errors";

/**
 * The first version that has an option, or the values of it that `before` does not name; `others` is then the first one
 * that has the option at all, where the oldest supported one does not.
 */
export type Since =
  | string
  | { version: string; lacks(value: unknown): boolean; before: string; others?: string };

/** What differs between the versions of a server that this program supports. */
export interface VersionTable<Inputs, Client> {
  /** The server's name, for messages. */
  readonly server: string;
  /** The first version that has an input, for those that the oldest supported version lacks. */
  readonly since: Readonly<Partial<Record<keyof Inputs & string, Since>>>;
  /** What else there is for who cannot upgrade, in a sentence. */
  readonly instead?: Readonly<Partial<Record<keyof Inputs & string, string>>>;
  /** The server's own version; asked once per process. */
  ask(client: Client): Promise<string>;
}

type Properties = Readonly<Record<string, unknown>>;
type Table = Readonly<Partial<Record<string, Since>>>;

/** An option that is not given, or empty, is not used: the server then need not have it. */
function isUsed(value: unknown): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** The first version that has each used option, for those that not every version has. */
export function versionsNeeded(
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

/** What a server of this version lacks of what is used, each in a sentence; nothing where the version is unknown. */
export function lackingOptions(server: string, version: string, since: Table, given: Properties): string[] {
  return versionsNeeded(since, given)
    .filter((needed) => isOlder(version, needed.version))
    .map(
      (needed) =>
        `\`${needed.option}\` needs ${server} ${display(needed.version)} or later${needed.before ? ` (before: ${needed.before})` : ""}, and this is ${version}`,
    );
}

/** Whether a server's version (`2025.10.0-rc1`, `8.4`) is older than another; one that cannot be read is not. */
export function isOlder(version: string, than: string): boolean {
  const actual = coerce(version, { includePrerelease: true });
  return actual !== null && lt(actual, than);
}

/** Whether a server's version is the one that is said of it, as far as both are told: `9.2` is any 9.2. */
export function isAsSaid(version: string, said: string): boolean {
  const parts = said.split(/[.-]/);
  return version.split(/[.-]/).every((part, index) => (parts[index] ?? part) === part);
}

/** Asks the server only where the inputs use an option that not every version has. */
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

/** `2025.10.0` as people say it: `2025.10`. */
function display(version: string): string {
  return version.replace(/\.0(-rc\d+)?$/, "");
}
