/** Runs a limited number of actions at a time. The others wait. */
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

/** A separate limit for each server. */
export class LimitPerServer {
  readonly #atOnce: number;
  readonly #limits = new Map<string, Limit>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  of(url: string): Limit {
    const { origin } = new URL(url);
    const limit = this.#limits.get(origin) ?? new Limit(this.#atOnce);
    this.#limits.set(origin, limit);
    return limit;
  }
}
