import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SharedList } from "../../../../providers/core/sharedList";

function counted() {
  const counter = { asked: 0 };
  return { counter, list: new SharedList(async () => [++counter.asked]) };
}

test("simultaneous reads share one request, and later reads send another", async () => {
  const { list, counter } = counted();
  assert.deepEqual(await Promise.all([list.items(), list.items(), list.items()]), [[1], [1], [1]]);
  assert.deepEqual(await list.items(), [2]);
  assert.equal(counter.asked, 2);
});

test("a read after a write does not share a list that was requested before it", async () => {
  const answers: ((items: string[]) => void)[] = [];
  const list = new SharedList(() => new Promise<string[]>((resolve) => answers.push(resolve)));
  const asked = async (count: number) => {
    for (let turn = 0; turn < 20 && answers.length < count; turn++) await sleep(5);
    assert.equal(answers.length, count);
  };
  const before = list.items();
  await asked(1);
  await list.changedBy(Promise.resolve());
  const after = list.items();
  await asked(2);
  answers[0]?.(["old"]);
  assert.deepEqual(await before, ["old"]);
  const joined = list.items();
  answers[1]?.(["new"]);
  assert.deepEqual(await Promise.all([after, joined]), [["new"], ["new"]]);
  assert.equal(answers.length, 2);
});

test("a failed write also makes reads send another request, and a failed request is not kept", async () => {
  let failing = true;
  const list = new SharedList(async () => {
    if (failing) throw new Error("down");
    return ["up"];
  });
  const failed = list.items();
  await assert.rejects(list.changedBy(Promise.reject(new Error("refused"))), /refused/);
  await assert.rejects(failed, /down/);
  failing = false;
  assert.deepEqual(await list.items(), ["up"]);
});
