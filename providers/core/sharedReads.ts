import { setTimeout as sleep } from "node:timers/promises";

/** Reads that the engine starts together arrive within it. */
const gatherMilliseconds = 10;
/** How old an answer out of a list may be: longer than a refresh takes, shorter than anybody needs to notice. */
const keepMilliseconds = 10_000;

/** How objects of one kind are asked for. */
interface Source<Key, Item> {
  one(key: Key): Promise<Item>;
  all(): Promise<readonly Item[]>;
  keyOf(item: Item): Key;
}

/**
 * Reads of single objects: one alone asks for its object, several at the same time share one list, so that a
 * refresh of a hundred objects takes a call or two. A list answers once for each object and never after a write.
 * What it lacks is asked for by itself: a list shows only what the token may see, and fails as a whole.
 */
export class SharedReads<Key, Item> {
  readonly #source: Source<Key, Item>;
  #reading = 0;
  #list: { readonly items: Promise<Map<Key, Item>>; readonly since: number } | undefined;

  constructor(source: Source<Key, Item>) {
    this.#source = source;
  }

  async read(key: Key): Promise<Item> {
    this.#reading += 1;
    try {
      if (!this.#isFresh()) await sleep(gatherMilliseconds);
      if (!this.#isFresh()) {
        if (this.#reading === 1) return await this.#source.one(key);
        this.#list = { items: this.#ask(), since: performance.now() };
      }
      const items = await this.#list?.items;
      const item = items?.get(key);
      items?.delete(key);
      return item ?? (await this.#source.one(key));
    } finally {
      this.#reading -= 1;
    }
  }

  /** Waits for a write; no read after it is answered by a list from before. */
  async changedBy<Result>(write: Promise<Result>): Promise<Result> {
    try {
      return await write;
    } finally {
      this.#list = undefined;
    }
  }

  #isFresh(): boolean {
    return this.#list !== undefined && performance.now() - this.#list.since < keepMilliseconds;
  }

  async #ask(): Promise<Map<Key, Item>> {
    try {
      return new Map((await this.#source.all()).map((item) => [this.#source.keyOf(item), item]));
    } catch {
      return new Map();
    }
  }
}
