import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../cli/paths";

/** Every Markdown page for users. */
export const pages: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...["docs", "examples", "lab"].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
      .map((name) => join(folder, name)),
  ),
];

export function read(page: string): string {
  return readFileSync(join(projectRoot, page), "utf8");
}

/** The matches of a pattern's first group. */
export function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

/** The text below a heading, up to the next heading of its level. */
export function sectionOf(markdown: string, heading: string): string {
  const [, section] = markdown.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`There is no heading "${heading}".`);
  return section.split("\n## ")[0] ?? "";
}

export interface Block {
  readonly language: string;
  readonly text: string;
}

const fence = /^```(\S*)\n(.*?)^```$/gms;

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(fence)].map(([, language = "", text = ""]) => ({ language, text }));
}

/** Removes code blocks, whose comments look like headings. */
export function withoutBlocks(markdown: string): string {
  return markdown.replace(fence, "");
}

/** Inline code. Table cells have their own escapes. */
export function codeWithin(markdown: string): string[] {
  return matches(withoutBlocks(markdown), /`([^`\n]+)`/g).map((code) => code.replaceAll("\\|", "|"));
}

export function linksOf(markdown: string): string[] {
  return matches(withoutBlocks(markdown), /\]\(([^)]+)\)/g);
}
