import { setTimeout as sleep } from "node:timers/promises";

/** Reads that the engine starts together arrive within it. */
const gatherMilliseconds = 10;

/** A list of the server that reads at the same time ask for once. What it holds is never older than a write of ours. */
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

  /** Waits for a write; reads after it share no list that was asked for before. */
  async changedBy<Result>(write: Promise<Result>): Promise<Result> {
    try {
      return await write;
    } finally {
      this.#shared = undefined;
    }
  }
}
