import { Crash } from "../api/errors";
import type { Document, Store } from "./store";

export interface Contents {
  objects: Record<string, Record<string, Document>>;
  sequences: Record<string, number>;
}

/** Stores everything in memory, and calls `changed` after each write. */
export class MemoryStore implements Store {
  isShared = false;
  /** Tests can set it to simulate a database that is down. */
  isUp = true;

  constructor(
    private readonly contents: Contents = { objects: {}, sequences: {} },
    private readonly changed: (contents: Contents) => Promise<void> = async () => {},
  ) {}

  private get reached(): Contents {
    if (!this.isUp) throw new Crash("The database is down");
    return this.contents;
  }

  async list(kind: string): Promise<Document[]> {
    return structuredClone(Object.values(this.reached.objects[kind] ?? {}));
  }

  async get(kind: string, pk: string): Promise<Document | undefined> {
    return structuredClone(this.reached.objects[kind]?.[keyOf(pk)]);
  }

  async put(kind: string, pk: string, document: Document): Promise<void> {
    const objects = this.reached.objects[kind] ?? {};
    this.contents.objects[kind] = objects;
    objects[keyOf(pk)] = structuredClone(document);
    await this.changed(this.contents);
  }

  async remove(kind: string, pk: string): Promise<void> {
    delete this.reached.objects[kind]?.[keyOf(pk)];
    await this.changed(this.contents);
  }

  async nextInteger(kind: string, first: number): Promise<number> {
    const next = (this.reached.sequences[kind] ?? first - 1) + 1;
    this.contents.sequences[kind] = next;
    await this.changed(this.contents);
    return next;
  }

  async ping(): Promise<void> {
    void this.reached;
  }

  async close(): Promise<void> {}
}

/** JavaScript sorts integer-like keys first. A prefix preserves the order of creation. */
function keyOf(pk: string): string {
  return `#${pk}`;
}
