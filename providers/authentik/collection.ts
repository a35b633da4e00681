import type { AxiosRequestConfig } from "axios";
import { type Listed, SharedReads } from "../core/sharedReads";
import type { Page } from "./wire";

/** Sends requests to authentik. */
interface Requests {
  /** @param isExpected whether the JSON is authentik's answer to this request */
  request<Body>(config: AxiosRequestConfig, isExpected?: (body: Body) => boolean): Promise<Body>;
}

/** Query of a list call. An array repeats the parameter, as authentik's filters expect. */
export type Query = Record<string, string | number | readonly string[]>;

/** authentik's maximum. */
export const pageSize = 100;
/** If a kind has more objects, such as the users of a directory, this stack's objects are read one by one. */
const mostListed = 10 * pageSize;

/** The six operations of every kind of object, with authentik's trailing slashes and pagination. */
export class Collection<Item, Key extends string | number = string> {
  readonly #client: Requests;
  readonly #path: string;
  readonly #keyOf: (item: Item) => Key;
  readonly #wholeList: Query;
  protected readonly reads: SharedReads<Key, Item>;

  /** @param keyOf the object's identifier in paths */
  constructor(client: Requests, path: string, keyOf: (item: Item) => Key, wholeList: Query = {}) {
    this.#client = client;
    this.#path = `/api/v3/${path}/`;
    this.#keyOf = keyOf;
    this.#wholeList = { ...wholeList, page_size: pageSize };
    this.reads = new SharedReads({
      one: (key) => this.get(key),
      all: () => this.shared(),
      keyOf,
    });
  }

  all(): Promise<Item[]> {
    return this.list(this.#wholeList);
  }

  /** The list that simultaneous reads share. */
  protected shared(): Promise<Listed<Item>> {
    return this.#pages(this.#wholeList, mostListed);
  }

  async list(query: Query = {}): Promise<Item[]> {
    return [...(await pagesAt<Item>(this.#client, this.#path, query)).items];
  }

  get(key: Key): Promise<Item> {
    return this.#client.request<Item>({ url: this.#at(key) }, this.#isItem);
  }

  /** Reads an object at a refresh. Simultaneous reads share one list. */
  read(key: Key): Promise<Item> {
    return this.reads.read(key);
  }

  /**
   * Reads the objects that match a filter, from the same shared list.
   * @param question distinguishes questions with the same filter, which the list answers once each
   */
  readWhere(
    filter: Record<string, string>,
    isWanted: (item: Item) => boolean,
    question = JSON.stringify(filter),
  ): Promise<Item[]> {
    return this.reads.readSome(question, isWanted, async () => (await this.list(filter)).filter(isWanted));
  }

  /** Later reads use no list from before this call. */
  forget(): void {
    this.reads.forget();
  }

  create(data: object): Promise<Item> {
    return this.#write<Item>({ method: "post", url: this.#path, data }, this.#isItem);
  }

  /** Sends the changes. Without changes, only reads the object. */
  patch(key: Key, data: object): Promise<Item> {
    if (Object.keys(data).length === 0) return this.get(key);
    return this.#write<Item>({ method: "patch", url: this.#at(key), data }, () => true);
  }

  async delete(key: Key): Promise<void> {
    await this.reads.withoutRemoved(key, this.#client.request({ method: "delete", url: this.#at(key) }));
  }

  #pages(query: Query, most: number): Promise<Listed<Item>> {
    return pagesAt(this.#client, this.#path, query, most);
  }

  #write<Body>(config: AxiosRequestConfig, isExpected?: (body: Body) => boolean): Promise<Body> {
    return this.reads.changedBy(this.#client.request<Body>(config, isExpected));
  }

  readonly #isItem = (item: Item): boolean => this.#keyOf(item) !== undefined;

  #at(key: Key): string {
    return `${this.#path}${encodeURIComponent(key)}/`;
  }
}

/** At most the first `most` objects. */
export async function pagesAt<Item>(
  client: Requests,
  url: string,
  query: Query,
  most = Number.POSITIVE_INFINITY,
): Promise<Listed<Item>> {
  const items: Item[] = [];
  for (let page = 1; page !== 0; ) {
    const params = page === 1 ? query : { ...query, page };
    const { results, pagination } = await client.request<Page<Item>>(
      { url, params, paramsSerializer: { indexes: null } },
      isPage,
    );
    items.push(...results);
    if (pagination.count > most) return { items, isWhole: false };
    page = pagination.next;
  }
  return { items, isWhole: true };
}

function isPage({ results, pagination }: Partial<Page<unknown>>): boolean {
  return Array.isArray(results) && typeof pagination === "object";
}
