import type { Store } from "./store";

/** Data of a login in progress. Servers that share a database share it, as the real ones do. */
export interface Passing<T> {
  get(key: string): Promise<T | undefined>;
  set(key: string, value: T): Promise<void>;
  /** Returns whether it existed. */
  delete(key: string): Promise<boolean>;
}

/** One server keeps the data in memory, because a file would be written at each request. */
export function passingIn<T>(store: Store, kind: string): Passing<T> {
  return store.isShared ? inStore(store, kind) : inMemory();
}

function inMemory<T>(): Passing<T> {
  const values = new Map<string, T>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => values.delete(key),
  };
}

function inStore<T>(store: Store, kind: string): Passing<T> {
  return {
    async get(key) {
      const stored = await store.get(kind, key);
      if (!stored) return undefined;
      const value: T = JSON.parse(String(stored.value));
      return value;
    },
    set: (key, value) => store.put(kind, key, { value: JSON.stringify(value) }),
    async delete(key) {
      const existed = (await store.get(kind, key)) !== undefined;
      await store.remove(kind, key);
      return existed;
    },
  };
}
