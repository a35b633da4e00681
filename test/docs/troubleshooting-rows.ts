import { read } from "./markdown";

/** A row of a table in docs/troubleshooting.md. */
export interface Row {
  /** The first column: one or more messages. */
  readonly messages: string;
  /** Each of the messages, with … for a value. */
  readonly entries: readonly string[];
}

export const rows: readonly Row[] = read("docs/troubleshooting.md")
  .split("\n")
  .filter((line) => /^\| (?!message)/.test(line))
  .map((line) => (line.split("|")[1] ?? "").trim().replace(/\*n\*/g, "…"))
  .map((messages) => ({ messages, entries: messages.split(";").map((entry) => entry.trim()) }));

/** A pattern for the words of an entry, in order. */
export function patternOf(entry: string): RegExp {
  const parts = entry.split("…").map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".*"), "s");
}
