import { setTimeout as sleep } from "node:timers/promises";

/** Time in which the reads arrive that the engine starts together. */
const gatherMilliseconds = 10;

/**
 * Shares one request for a list between reads at the same time. A list is never older than the last write of this
 * process.
 */
export class SharedList<Item> {
  readonly #ask: () => Promise<readonly Item[]>;
  #shared: Promise<readonly Item[]> | undefined;

  constructor(ask: () => Promise<readonly Item[]>) {
    this.#ask = ask;
  }

  items(): Promise<readonly Item[]> {
    if (this.#shared !== undefined) return this.#shared;
    const answer = sleep(gatherMilliseconds)
      .then(() => this.#ask())
      .finally(() => {
        if (this.#shared === answer) this.#shared = undefined;
      });
    this.#shared = answer;
    return answer;
  }

  /** Waits for a write. Later reads share no list from before the write. */
  async changedBy<Result>(write: Promise<Result>): Promise<Result> {
    try {
      return await write;
    } finally {
      this.#shared = undefined;
    }
  }
}
