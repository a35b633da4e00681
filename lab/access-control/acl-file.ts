import { createHash } from "node:crypto";

export interface AclLine {
  readonly path: string;
  readonly id: string;
  readonly role: string;
  readonly propagate: boolean;
}

/** The permissions. For a user on a path, NoAccess and other roles replace each other. */
export class AclFile {
  private lines: readonly AclLine[];

  constructor(lines: readonly AclLine[]) {
    this.lines = lines;
  }

  get all(): readonly AclLine[] {
    return this.lines;
  }

  get digest(): string {
    const sorted = this.lines
      .map((line) => JSON.stringify([line.path, line.id, line.role, line.propagate]))
      .sort();
    return createHash("sha256").update(sorted.join("\n")).digest("hex");
  }

  set(line: AclLine): void {
    const isOther = ({ path, id, role }: AclLine) => {
      const isSame = path === line.path && id === line.id;
      return !isSame || (role !== line.role && (role === "NoAccess") === (line.role === "NoAccess"));
    };
    this.lines = [...this.lines.filter(isOther), line];
  }

  remove(gone: (line: AclLine) => boolean): void {
    this.lines = this.lines.filter((line) => !gone(line));
  }

  replaceAll(lines: readonly AclLine[]): void {
    this.lines = lines;
  }
}
