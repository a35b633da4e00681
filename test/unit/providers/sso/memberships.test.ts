import assert from "node:assert/strict";
import { test } from "node:test";
import {
  inClosingGroup,
  inDeclaredGroup,
  inNoGroup,
  type Membership,
  Memberships,
} from "../../../../providers/sso/proof/memberships";

/** The user's groups, and how often they were changed. */
class User {
  groups: readonly string[] = [];
  changes = 0;
  readonly memberships = new Memberships(async (groups) => {
    await turns(2);
    this.changes += 1;
    this.groups = groups;
  });

  /** The groups at the begin and at the end of an action that needs this membership. */
  async during(needed: Membership): Promise<[readonly string[], readonly string[]]> {
    return this.memberships.whileIn(needed, async () => {
      const before = this.groups;
      await turns(5);
      return [before, this.groups];
    });
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

test("an action without a group runs while the user is in none, and one with a declared group in this one only", async () => {
  const user = new User();
  const needs = [inDeclaredGroup("operators"), inNoGroup, inDeclaredGroup("viewers"), inClosingGroup("a")];
  const seen = await Promise.all([...needs, ...needs].map((needed) => user.during(needed)));
  for (const [index, [before, after]] of seen.entries()) {
    const { group } = needs[index % needs.length] ?? inNoGroup;
    assert.deepEqual(before, group === undefined ? [] : [group]);
    assert.deepEqual(after, before);
  }
  assert.equal(user.changes, 4);
});

test("the closing groups of several applications need one change, and no group joins meanwhile", async () => {
  const user = new User();
  const refused = ["a", "b", "c"].map(() => user.during(inNoGroup));
  const admitted = ["a", "b", "c"].map((group) => user.during(inClosingGroup(group)));
  const declared = user.during(inDeclaredGroup("operators"));
  for (const seen of await Promise.all(refused)) assert.deepEqual(seen, [[], []]);
  for (const seen of await Promise.all(admitted))
    assert.deepEqual(seen, [
      ["a", "b", "c"],
      ["a", "b", "c"],
    ]);
  assert.deepEqual(await declared, [["operators"], ["operators"]]);
  assert.equal(user.changes, 2);
});

test("a later action without a group waits until the user has left its groups", async () => {
  const user = new User();
  const member = user.during(inDeclaredGroup("operators"));
  await turns(4);
  assert.deepEqual(await user.during(inNoGroup), [[], []]);
  assert.deepEqual(await member, [["operators"], ["operators"]]);
});

test("a failed action ends its part; a failed change fails those that wait for it, and no others", async () => {
  let failures = 1;
  const memberships = new Memberships(async () => {
    if (failures-- > 0) throw new Error("refused");
  });
  const fail = async () => {
    throw new Error("denied");
  };
  await assert.rejects(memberships.whileIn(inNoGroup, fail), /denied/);
  const outcomes = await Promise.allSettled([
    memberships.whileIn(inClosingGroup("a"), async () => "a"),
    memberships.whileIn(inClosingGroup("b"), async () => "b"),
    memberships.whileIn(inDeclaredGroup("operators"), async () => "operators"),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["rejected", "rejected", "fulfilled"],
  );
  assert.equal(await memberships.whileIn(inNoGroup, async () => "none"), "none");
});
