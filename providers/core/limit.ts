/** Runs a limited number of actions at a time. The others wait. */
export class Limit {
  readonly #waiting: (() => void)[] = [];
  readonly #atOnce: () => number;
  #running = 0;

  /** @param atOnce a function, if the number changes while actions run */
  constructor(atOnce: number | (() => number)) {
    this.#atOnce = typeof atOnce === "number" ? () => atOnce : atOnce;
  }

  async run<Result>(action: () => Promise<Result>): Promise<Result> {
    const turn = new Promise<void>((begin) => this.#waiting.push(begin));
    this.#begin();
    await turn;
    try {
      return await action();
    } finally {
      this.#running -= 1;
      this.#begin();
    }
  }

  #begin(): void {
    while (this.#running < this.#atOnce()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running += 1;
      next();
    }
  }
}

/** A separate value for each server, created at its first use. */
export class PerServer<Value> {
  readonly #values = new Map<string, Value>();
  readonly #create: (origin: string) => Value;

  constructor(create: (origin: string) => Value) {
    this.#create = create;
  }

  of(url: string): Value {
    const { origin } = new URL(url);
    const value = this.#values.get(origin) ?? this.#create(origin);
    this.#values.set(origin, value);
    return value;
  }
}
