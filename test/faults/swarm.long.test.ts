import assert from "node:assert/strict";
import { test } from "node:test";
import type { DockerResult, Killing } from "./docker";
import { killOnSwarm } from "./swarm";

/** The last service of an `up`, and the first one of a `destroy`. `npm run faults -- --swarm-every 1` runs all. */
const isInSample = ({ verb, victim, k, acts }: Killing) =>
  victim === "everything" && acts && k === (verb === "up" ? 11 : 1);

test("an up and a destroy on a swarm continue after a kill, and leave nothing on any node", async () => {
  const results: DockerResult[] = [];
  await killOnSwarm(isInSample, (result) => results.push(result));
  const seen = results.map(({ verb, request, problems }) => ({
    change: `${verb}: ${request.replace(/\/v[\d.]+/, "").replace(/\/\w{25}$/, "")}`,
    problems,
  }));
  assert.deepEqual(seen, [
    { change: "up: POST /services/create", problems: [] },
    { change: "destroy: DELETE /services", problems: [] },
  ]);
});
