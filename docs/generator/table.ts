import type { Form } from "./form";

/** One row's cells by the column's heading; a cell that is missing is empty. */
export type Row = Readonly<Record<string, string | undefined>>;

/** A table in Markdown. A column in which no row has anything is left out. */
export function table(headings: readonly string[], rows: readonly Row[]): string {
  const used = headings.filter((heading) => rows.some((row) => row[heading]));
  const lines = [
    used,
    used.map(() => "---"),
    ...rows.map((row) => used.map((heading) => cell(row[heading] ?? ""))),
  ];
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

function cell(text: string): string {
  return text.replace(/\|/g, "\\|");
}

/** Code in Markdown; HTML escapes are not read inside of it. */
export function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === "") return "empty";
  if (Array.isArray(value) && value.length > 0) return value.map(shown).join(", ");
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** Whole sentences out of parts that may lack their full stop. */
export function sentences(...parts: readonly (string | undefined | false)[]): string {
  return parts
    .filter((part): part is string => typeof part === "string" && part !== "")
    .map((part) => (/[.!?]\**$/.test(part) ? part : `${part}.`))
    .join(" ");
}

/** The texts of the errors for an invalid value, where the type does not say as much. */
export function refusals({ type, rules }: Form): string {
  return rules.length === 0 || !/^(text|URL|list|object|any)/.test(type)
    ? ""
    : `${rules.length === 1 ? "Error" : "Errors"}: ${rules.map((rule) => `*${rule}*`).join(". ")}`;
}
