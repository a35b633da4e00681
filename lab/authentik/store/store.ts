/** Storage of the simulator: JSON documents by kind and primary key. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Document = { [key: string]: Json };

export interface Store {
  /** Whether several servers use it at the same time. */
  readonly isShared: boolean;
  /** Documents of one kind, oldest first. */
  list(kind: string): Promise<Document[]>;
  get(kind: string, pk: string): Promise<Document | undefined>;
  put(kind: string, pk: string, document: Document): Promise<void>;
  remove(kind: string, pk: string): Promise<void>;
  /** Integer keys are never reused, as in a database sequence. */
  nextInteger(kind: string, first: number): Promise<number>;
  /** Fails if the store is unreachable. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
