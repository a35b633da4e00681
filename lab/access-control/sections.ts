import { createHash } from "node:crypto";
import { refused } from "./errors";

type Value = string | boolean | number;

export interface Section {
  readonly type: string;
  readonly id: string;
  readonly options: Record<string, Value>;
}

/** A file of sections in Proxmox's format. Values are trimmed, and each change has a new digest. */
export class Sections {
  private sections = new Map<string, Section>();

  constructor(
    readonly path: string,
    sections: readonly Section[] = [],
  ) {
    this.replaceAll(sections);
  }

  get all(): readonly Section[] {
    return [...this.sections.values()];
  }

  get digest(): string {
    return createHash("sha256").update(this.text).digest("hex");
  }

  get text(): string {
    return this.all
      .map(({ type, id, options }) => {
        const lines = Object.entries(options)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => `\t${name} ${value}\n`);
        return `${type}: ${id}\n${lines.join("")}`;
      })
      .join("\n");
  }

  get(id: string): Section | undefined {
    return this.sections.get(id);
  }

  set(section: Section): void {
    for (const [name, value] of Object.entries(section.options)) {
      if (/\p{Cc}/u.test(String(value))) {
        throw refused(
          `writing "${this.path}" failed: detected unexpected control character in section '${section.id}' key '${name}'`,
        );
      }
    }
    const trimmed = Object.entries(section.options).map(([name, value]) => [
      name,
      typeof value === "string" ? value.trim() : value,
    ]);
    this.sections.set(section.id, { ...section, options: Object.fromEntries(trimmed) });
  }

  delete(id: string): void {
    this.sections.delete(id);
  }

  replaceAll(sections: readonly Section[]): void {
    this.sections = new Map(sections.map((section) => [section.id, section]));
  }

  requireDigest(digest: string | undefined): void {
    if (digest !== undefined && digest !== this.digest) throw modified();
  }
}

export function modified(): Error {
  return refused("detected modified configuration - file changed by other user? Try again.");
}
