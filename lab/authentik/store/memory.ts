import type { Document, Store } from "./store";

export interface Contents {
  objects: Record<string, Record<string, Document>>;
  sequences: Record<string, number>;
}

/** Keeps everything in memory; `changed` is told after each write. */
export class MemoryStore implements Store {
  constructor(
    private readonly contents: Contents = { objects: {}, sequences: {} },
    private readonly changed: (contents: Contents) => Promise<void> = async () => {},
  ) {}

  async list(kind: string): Promise<Document[]> {
    return structuredClone(Object.values(this.contents.objects[kind] ?? {}));
  }

  async get(kind: string, pk: string): Promise<Document | undefined> {
    return structuredClone(this.contents.objects[kind]?.[keyOf(pk)]);
  }

  async put(kind: string, pk: string, document: Document): Promise<void> {
    const objects = this.contents.objects[kind] ?? {};
    this.contents.objects[kind] = objects;
    objects[keyOf(pk)] = structuredClone(document);
    await this.changed(this.contents);
  }

  async remove(kind: string, pk: string): Promise<void> {
    delete this.contents.objects[kind]?.[keyOf(pk)];
    await this.changed(this.contents);
  }

  async nextInteger(kind: string, first: number): Promise<number> {
    const next = (this.contents.sequences[kind] ?? first - 1) + 1;
    this.contents.sequences[kind] = next;
    await this.changed(this.contents);
    return next;
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {}
}

/** JavaScript sorts integer-like keys first; a prefix keeps the order of creation. */
function keyOf(pk: string): string {
  return `#${pk}`;
}
