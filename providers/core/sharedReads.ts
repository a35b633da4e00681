import { setTimeout as sleep } from "node:timers/promises";

/** Time in which the reads arrive that the engine starts together, also in a process that has just started. */
const gatherMilliseconds = 50;
/** Maximum age of a cached list: longer than a refresh takes, and too short to show outdated values. */
const keepMilliseconds = 10_000;

/** Objects of one kind, and whether the list is complete. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly isWhole: boolean;
}

/** How to request objects of one kind. */
interface Source<Key, Item> {
  one(key: Key): Promise<Item>;
  all(): Promise<Listed<Item>>;
  keyOf(item: Item): Key;
}

/** A list that answers once for each object, and once for each question about several objects. */
interface SharedAnswer<Key, Item> {
  readonly since: number;
  readonly list: Promise<Listed<Item>>;
  readonly byKey: Promise<ReadonlyMap<Key, Item>>;
  /** The objects that the list has answered for. */
  readonly read: Set<Key>;
  readonly answered: Set<string>;
  readonly removed: Set<Key>;
}

/**
 * Batches reads of single objects. A lone read requests its object. Simultaneous reads share one list, so a refresh
 * of a hundred objects needs one or two calls. A list answers once for each object, and never after a write. Objects
 * missing from the list are requested separately, because a list contains only what the token can see.
 */
export class SharedReads<Key, Item> {
  readonly #source: Source<Key, Item>;
  #reading = 0;
  #shared: SharedAnswer<Key, Item> | undefined;

  constructor(source: Source<Key, Item>) {
    this.#source = source;
  }

  read(key: Key): Promise<Item> {
    // A second round of reads, such as deletes after a refresh, uses a new list.
    if (this.#shared?.read.has(key)) this.#shared = undefined;
    return this.#together(async (shared) => {
      if (shared === undefined || shared.read.has(key)) return this.#source.one(key);
      shared.read.add(key);
      return (await shared.byKey).get(key) ?? (await this.#source.one(key));
    });
  }

  /** Reads several objects: from the shared list if the list is complete, otherwise with `ask`. */
  readSome(question: string, isWanted: (item: Item) => boolean, ask: () => Promise<Item[]>): Promise<Item[]> {
    return this.#together(async (shared) => {
      if (shared === undefined || shared.answered.has(question)) return ask();
      shared.answered.add(question);
      const { items, isWhole } = await shared.list;
      const isThere = (item: Item) => !shared.removed.has(this.#source.keyOf(item));
      return isWhole ? items.filter((item) => isThere(item) && isWanted(item)) : ask();
    });
  }

  /** Waits for a write. A list from before the write answers no later read. */
  async changedBy<Result>(write: Promise<Result>): Promise<Result> {
    try {
      return await write;
    } finally {
      this.forget();
    }
  }

  /** A list from before this call answers no later read. */
  forget(): void {
    this.#shared = undefined;
  }

  /** Waits for a delete of one object. The list stays valid for the other objects. */
  async withoutRemoved<Result>(key: Key, removal: Promise<Result>): Promise<Result> {
    const shared = this.#shared;
    shared?.removed.add(key);
    shared?.read.add(key);
    return removal;
  }

  /** Answers a read with the shared list. A read without others at the same time gets no list. */
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
