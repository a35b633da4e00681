import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { adviceFor, WithoutNode } from "../../../../providers/docker/swarm/reasons";
import type { Task } from "../../../../providers/docker/swarm/tasks";

/** The words of Docker's Engine 20.10, from a real swarm of two nodes. */
const noLabel = "no suitable node (scheduling constraints not satisfied on 2 nodes)";
const taken = "no suitable node (host-mode port already in use on 2 nodes)";
const both =
  "no suitable node (scheduling constraints not satisfied on 1 node; host-mode port already in use on 1 node)";

function pending(error: string): Task[] {
  return [
    {
      id: "id",
      state: "pending",
      wanted: "running",
      slot: 1,
      node: "",
      address: undefined,
      isReachable: true,
      spec: "new",
      error,
      changed: "",
    },
  ];
}

/** After how many seconds the wait ends. */
function patience(error: string): number {
  const waiting = new WithoutNode();
  for (let seconds = 0; seconds <= 900; seconds++) {
    if (waiting.failure(pending(error), seconds * 1000) !== undefined) return seconds;
  }
  return Number.POSITIVE_INFINITY;
}

suite("a task without a node", () => {
  test("is reported soon if no node has the labels, and later if a node may become free", () => {
    assert.equal(patience(noLabel), 30);
    assert.equal(patience(taken), 150);
    assert.equal(patience(both), 150);
    assert.equal(patience("no suitable node (a reason of a later version)"), 150);
  });

  test("is waited for while Docker's reason changes, and after it had a node", () => {
    const waiting = new WithoutNode();
    assert.equal(waiting.failure(pending(noLabel), 0), undefined);
    assert.equal(waiting.failure(pending(taken), 40_000), undefined);
    assert.equal(waiting.failure([], 80_000), undefined);
    assert.equal(waiting.failure(pending(noLabel), 90_000), undefined);
    assert.equal(waiting.failure(pending(noLabel), 120_000), noLabel);
  });
});

suite("the advice for Docker's words", () => {
  const service = { constraints: ["node.labels.sso==true"], ports: [80, 443] };
  for (const [words, advice] of [
    [noLabel, /constraints are node\.labels\.sso==true\. .*docker node update --label-add/],
    [taken, /80 and 443 are free/],
    [both, /--label-add .*80 and 443 are free/],
    ["no suitable node (1 node not available for new tasks)", /docker node ls.*--availability active/],
    ["no suitable node (insufficient resources on 2 nodes)", /reserved the memory/],
    ["no suitable node (unsupported platform on 2 nodes)", /architecture of the nodes/],
    ["No such image: ghcr.io/goauthentik/server:none", /registryUsername/],
  ] as const) {
    test(`says what to do: ${words}`, () => assert.match(adviceFor(words, service), advice));
  }

  test("is empty for the error of authentik itself", () => {
    assert.equal(adviceFor("task: non-zero exit (1)", service), "");
  });
});
