import { setTimeout as sleep } from "node:timers/promises";

/** Reads that the engine starts together arrive within it, also in a process that has only just begun. */
const gatherMilliseconds = 50;
/** How old an answer out of a list may be: longer than a refresh takes, shorter than anybody needs to notice. */
const keepMilliseconds = 10_000;

/** Objects of one kind, and whether these are all. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly isWhole: boolean;
}

/** How objects of one kind are asked for. */
interface Source<Key, Item> {
  one(key: Key): Promise<Item>;
  all(): Promise<Listed<Item>>;
  keyOf(item: Item): Key;
}

/** A list that answers once for each object, and once for each question of several objects. */
interface SharedAnswer<Key, Item> {
  readonly since: number;
  readonly list: Promise<Listed<Item>>;
  readonly byKey: Promise<ReadonlyMap<Key, Item>>;
  /** The objects that it has answered for. */
  readonly read: Set<Key>;
  readonly answered: Set<string>;
  readonly removed: Set<Key>;
}

/**
 * Reads of single objects: one alone asks for its object, several at the same time share one list, so that a
 * refresh of a hundred objects takes a call or two. A list answers once for each object and never after a write.
 * What it lacks is asked for by itself: a list shows only what the token may see, and fails as a whole.
 */
export class SharedReads<Key, Item> {
  readonly #source: Source<Key, Item>;
  #reading = 0;
  #shared: SharedAnswer<Key, Item> | undefined;

  constructor(source: Source<Key, Item>) {
    this.#source = source;
  }

  read(key: Key): Promise<Item> {
    // Another round of reads, such as deletes after a refresh, shares another list.
    if (this.#shared?.read.has(key)) this.#shared = undefined;
    return this.#together(async (shared) => {
      if (shared === undefined || shared.read.has(key)) return this.#source.one(key);
      shared.read.add(key);
      return (await shared.byKey).get(key) ?? (await this.#source.one(key));
    });
  }

  /** Several objects: out of the shared list where it has all that there are, else by `ask`. */
  readSome(question: string, isWanted: (item: Item) => boolean, ask: () => Promise<Item[]>): Promise<Item[]> {
    return this.#together(async (shared) => {
      if (shared === undefined || shared.answered.has(question)) return ask();
      shared.answered.add(question);
      const { items, isWhole } = await shared.list;
      const isThere = (item: Item) => !shared.removed.has(this.#source.keyOf(item));
      return isWhole ? items.filter((item) => isThere(item) && isWanted(item)) : ask();
    });
  }

  /** Waits for a write; no read after it is answered by a list from before. */
  async changedBy<Result>(write: Promise<Result>): Promise<Result> {
    try {
      return await write;
    } finally {
      this.#shared = undefined;
    }
  }

  /** Waits for the removal of one object, which says nothing of the others. */
  async withoutRemoved<Result>(key: Key, removal: Promise<Result>): Promise<Result> {
    const shared = this.#shared;
    shared?.removed.add(key);
    shared?.read.add(key);
    return removal;
  }

  /** Hands over the list, unless this read is alone. */
  async #together<Result>(
    answer: (shared: SharedAnswer<Key, Item> | undefined) => Promise<Result>,
  ): Promise<Result> {
    this.#reading += 1;
    try {
      if (!this.#isFresh()) await sleep(gatherMilliseconds);
      if (!this.#isFresh()) this.#shared = this.#reading === 1 ? undefined : this.#ask();
      return await answer(this.#shared);
    } finally {
      this.#reading -= 1;
    }
  }

  #isFresh(): boolean {
    return this.#shared !== undefined && performance.now() - this.#shared.since < keepMilliseconds;
  }

  #ask(): SharedAnswer<Key, Item> {
    const list = this.#source.all().catch(() => ({ items: [], isWhole: false }));
    const byKey = list.then(({ items }) => new Map(items.map((item) => [this.#source.keyOf(item), item])));
    return {
      since: performance.now(),
      list,
      byKey,
      read: new Set(),
      answered: new Set(),
      removed: new Set(),
    };
  }
}
