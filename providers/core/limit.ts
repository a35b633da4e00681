/** Runs so many actions at a time; the others wait for their turn. */
export class Limit {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async run<Result>(action: () => Promise<Result>): Promise<Result> {
    if (this.#free === 0) await new Promise<void>((turn) => this.#waiting.push(turn));
    else this.#free -= 1;
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
