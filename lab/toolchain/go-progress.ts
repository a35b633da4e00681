const timesToReport = 50;

/** `go: downloading …`, which is not a package name. */
export function isOfGo(line: string): boolean {
  return line.startsWith("go: ");
}

/** Reports the progress of a build, from the package names of `go build -v`. */
export class Progress {
  readonly #what: string;
  readonly #total: number | undefined;
  readonly #say: (text: string) => void;
  #compiled = 0;

  constructor(what: string, total: number | undefined, say: (text: string) => void) {
    this.#what = what;
    this.#total = total;
    this.#say = say;
  }

  line(line: string): void {
    if (isOfGo(line)) {
      this.#say(line);
      return;
    }
    this.#compiled++;
    // In a log, each report is a line.
    const each = Math.ceil((this.#total ?? 1000) / timesToReport);
    if (this.#compiled % each === 0 || this.#compiled === this.#total) this.#say(this.#text());
  }

  /** The last package is the program itself. The linker runs after it. */
  #text(): string {
    if (this.#total === undefined) return `building ${this.#what}: ${this.#compiled} packages compiled`;
    return this.#compiled < this.#total
      ? `building ${this.#what}: ${this.#compiled} of ${this.#total} packages compiled`
      : `building ${this.#what}: all ${this.#total} packages compiled, linking`;
  }
}
