import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { whatIsMissing, whyFailed } from "../../../../providers/docker/swarm/rollout";
import type { ServiceState, Task } from "../../../../providers/docker/swarm/tasks";

const wanted = { service: "sso-server", spec: "new", replicas: 2 };

function task(values: Partial<Task>): Task {
  const usual = {
    id: "id",
    state: "running",
    wanted: "running",
    slot: 1,
    node: "one",
    address: "10.0.0.1",
    isReachable: true,
    spec: "new",
    changed: "",
  };
  return { error: undefined, ...usual, ...values };
}

function state(tasks: readonly Task[], values: Partial<ServiceState> = {}): ServiceState {
  const usual = {
    spec: "new",
    replicas: 2,
    image: "image",
    constraints: [],
    ports: [80, 443],
    update: undefined,
    updateMessage: undefined,
  };
  return { ...usual, tasks, ...values };
}

const failed = task({ state: "failed", wanted: "shutdown", error: "task: non-zero exit (1)" });

suite("a rollout", () => {
  test("is done when every replica runs with the new settings, and no other does", () => {
    const both = [task({}), task({ node: "two" })];
    assert.equal(whatIsMissing(state(both), wanted), undefined);
    assert.equal(whatIsMissing(state(both, { update: "completed" }), wanted), undefined);
    assert.equal(
      whatIsMissing(state(both, { update: "updating" }), wanted),
      "2 of 2 tasks run, Docker has not finished the update",
    );
    // Docker reports a completed update while one task still has the previous settings.
    const old = [task({}), task({ spec: "old", node: "two" })];
    assert.equal(
      whatIsMissing(state(old, { update: "completed" }), wanted),
      "1 of 2 tasks run, 1 with the previous settings still run",
    );
    const stopping = [...both, task({ spec: "old", wanted: "shutdown" })];
    assert.match(whatIsMissing(state(stopping), wanted) ?? "", /1 with the previous settings still run/);
  });

  test("does not wait for a task on a node that is cut off", () => {
    const lost = task({ spec: "old", node: "three", isReachable: false });
    assert.equal(whatIsMissing(state([task({}), task({ node: "two" }), lost]), wanted), undefined);
  });

  test("names the task that is not ready, and why the last one failed", () => {
    const starting = task({ state: "starting", node: "two" });
    assert.equal(
      whatIsMissing(state([task({}), starting, failed]), wanted),
      "1 of 2 tasks run, on two starting, the last failure: task: non-zero exit (1)",
    );
    const pending = task({ state: "pending", node: "", error: "no suitable node" });
    assert.equal(
      whatIsMissing(state([task({}), pending]), wanted),
      "1 of 2 tasks run, pending (no suitable node)",
    );
  });

  test("has failed after a rollback, with the error of the task", () => {
    const rolledBack = { spec: "old", update: "rollback_completed", updateMessage: "update rolled back" };
    assert.match(
      whyFailed(state([failed], rolledBack), wanted) ?? "",
      /sso-server was rolled back .*: update rolled back\. On one, Docker says: task: non-zero exit \(1\)\./,
    );
    assert.match(whyFailed(state([], { update: "rollback_paused" }), wanted) ?? "", /update .* stopped/);
    // The settings before a failed update are declared again.
    assert.equal(whyFailed(state([task({})], { update: "rollback_completed" }), wanted), undefined);
  });

  test("has failed after a rollback that was over before the first look, with the error of the task", () => {
    const rolledBack = { spec: "old", update: "rollback_completed", updateMessage: "update rolled back" };
    const before = new Set([failed.id]);
    assert.match(
      whyFailed(state([failed], rolledBack), wanted, before) ?? "",
      /On one, Docker says: task: non-zero exit \(1\)\./,
    );
    // Failures of an earlier attempt say nothing about this one.
    assert.equal(whyFailed(state([failed, failed, failed, failed]), wanted, before), undefined);
  });

  test("has failed when no task of a new service starts", () => {
    assert.equal(whyFailed(state([failed, failed, failed]), wanted), undefined);
    assert.match(whyFailed(state([failed, failed, failed, failed]), wanted) ?? "", /does not start/);
    assert.equal(whyFailed(state([failed, failed, failed, failed, task({})]), wanted), undefined);
  });

  test("has failed when one of the replicas does not start, while the others run", () => {
    const second = { ...failed, slot: 2 };
    const tasks = [task({}), failed, second, second, second];
    assert.equal(whyFailed(state(tasks), wanted), undefined);
    assert.match(whyFailed(state([...tasks, second]), wanted) ?? "", /tasks failed 4 times/);
    // Docker itself counts the failures of an update.
    assert.equal(whyFailed(state([...tasks, second], { update: "updating" }), wanted), undefined);
  });
});
