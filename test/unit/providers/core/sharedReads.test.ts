import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { SharedReads } from "../../../../providers/core/sharedReads";

interface Item {
  name: string;
  version: number;
}

let stored: Item[];
let isWhole: boolean;
let asked: string[];
let reads: SharedReads<string, Item>;

beforeEach(() => {
  stored = ["a", "b", "c"].map((name) => ({ name, version: 1 }));
  isWhole = true;
  asked = [];
  reads = new SharedReads<string, Item>({
    async one(name) {
      asked.push(name);
      const found = stored.find((item) => item.name === name);
      if (found === undefined) throw new Error(`no ${name}`);
      return found;
    },
    async all() {
      asked.push("all");
      return { items: stored, isWhole };
    },
    keyOf: ({ name }) => name,
  });
});

test("a single read requests only its object", async () => {
  assert.equal((await reads.read("a")).name, "a");
  assert.equal((await reads.read("b")).name, "b");
  assert.deepEqual(asked, ["a", "b"]);
});

test("simultaneous reads share one list, which later reads use too", async () => {
  const [a, b] = await Promise.all([reads.read("a"), reads.read("b")]);
  assert.deepEqual([a.name, b.name, (await reads.read("c")).name], ["a", "b", "c"]);
  assert.deepEqual(asked, ["all"]);
});

test("an object that is read again is requested again", async () => {
  await Promise.all([reads.read("a"), reads.read("b")]);
  stored = [{ name: "a", version: 2 }];
  assert.equal((await reads.read("a")).version, 2);
  assert.deepEqual(asked, ["all", "a"]);
});

test("a read after a write does not use an earlier list", async () => {
  await Promise.all([reads.read("a"), reads.read("b")]);
  await reads.changedBy(Promise.resolve());
  stored = [{ name: "c", version: 2 }];
  assert.equal((await reads.read("c")).version, 2);
  await assert.rejects(reads.changedBy(Promise.reject(new Error("refused"))), /refused/);
});

test("an object that is missing in a list is requested separately, and so is every object if the list fails", async () => {
  const lacking = await Promise.allSettled([reads.read("a"), reads.read("hidden")]);
  assert.equal(lacking[0].status, "fulfilled");
  assert.match(String(lacking[1].status === "rejected" && lacking[1].reason), /no hidden/);
  assert.deepEqual(asked, ["all", "hidden"]);

  const failing = new SharedReads<string, Item>({
    one: async (name) => ({ name, version: 1 }),
    all: () => Promise.reject(new Error("one broken object fails the list")),
    keyOf: ({ name }) => name,
  });
  const both = await Promise.all([failing.read("a"), failing.read("b")]);
  assert.deepEqual(
    both.map(({ name }) => name),
    ["a", "b"],
  );
});

const others = () =>
  reads.readSome(
    "all but a",
    ({ name }) => name !== "a",
    async () => {
      asked.push("all but a");
      return stored.slice(1);
    },
  );

test("several objects are read from the list that simultaneous reads share, once", async () => {
  const [, some] = await Promise.all([reads.read("a"), others()]);
  assert.deepEqual(
    some.map(({ name }) => name),
    ["b", "c"],
  );
  assert.equal((await reads.read("b")).name, "b");
  assert.deepEqual(asked, ["all"]);
  await others();
  assert.deepEqual(asked, ["all", "all but a"]);
});

test("several objects are requested separately if nothing else is read, or the list is incomplete", async () => {
  await others();
  assert.deepEqual(asked, ["all but a"]);
  isWhole = false;
  await Promise.all([reads.read("a"), others()]);
  assert.deepEqual(asked, ["all but a", "all", "all but a"]);
});
