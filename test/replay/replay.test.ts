import assert from "node:assert/strict";
import { before, describe, it, type TestContext } from "node:test";
import { inspect } from "node:util";
import { startAccessControl } from "../../lab/access-control/server";
import { startAuthentik } from "../../lab/authentik/start";
import { startProxmox } from "../../lab/proxmox/server";
import type { Answer } from "./exchange";
import { mutate } from "./mutations";
import {
  authentikVersions,
  proxmoxVersions,
  type Replayed,
  replayAuthentik,
  replayBackupServer,
  replayDatacenterManager,
  replayProxmox,
} from "./replay";
import { failuresOf, medianOf } from "./report";

/**
 * Other tests run at the same time. These limits find a simulator that waits, not one that is slightly
 * slower.
 */
const mostStartMilliseconds = 3000;
const mostMedianMilliseconds = 20;
/** Of the changes of one answer, for each server. */
const mostSamples = 100;

const replays = [
  ...authentikVersions.map((version) => ({
    name: `authentik ${version}`,
    replay: () => replayAuthentik(version),
  })),
  ...proxmoxVersions.map((version) => ({
    name: `Proxmox VE ${version}`,
    replay: () => replayProxmox(version),
  })),
];

/** Many requests in one connection, because a single one is inaccurate on a busy machine. */
const untimed = [
  { name: "Backup Server 4.2.3", replay: replayBackupServer },
  { name: "Datacenter Manager 1.1.7", replay: replayDatacenterManager },
];

for (const { name, replay } of [...replays, ...untimed]) {
  describe(`the replay of ${name}`, () => {
    let replayed: ReturnType<typeof replay>;
    before(() => {
      replayed = replay();
    });

    it("finds that the simulator answers like the real server", async (test) =>
      check(test, await replayed, !untimed.some((one) => one.name === name)));
    it("notices each change of one answer", async () => checkMutations(await replayed));
  });
}

describe("the simulators start fast", () => {
  it("authentik", (test) => assertFast(test, () => startAuthentik()));
  it("Proxmox VE", (test) => assertFast(test, () => startProxmox({ port: 0, rootPassword: "secret" })));
  it("Backup Server", (test) =>
    assertFast(test, () => startAccessControl({ product: "backup", port: 0, rootPassword: "secret" })));
});

/** The fastest of several measurements, because other tests may run at the same time. */
async function assertFast(
  test: TestContext,
  start: () => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  const times = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const started = performance.now();
    const server = await start();
    times.push(performance.now() - started);
    await server.close();
  }
  const fastest = Math.min(...times);
  test.diagnostic(`started in ${fastest.toFixed()} ms`);
  assert.ok(fastest < mostStartMilliseconds, `started in ${times.map(Math.round)} ms`);
}

function check(test: TestContext, replayed: Replayed, isTimed: boolean): void {
  const failures = failuresOf(replayed).map(({ exchange, differences }) => [exchange.file, differences]);
  assert.equal(failures.length, 0, inspect(failures, { depth: 6 }));
  const { outcomes } = replayed;
  assert.ok(outcomes.some(({ tier }) => tier.tier === 1));
  const median = medianOf(outcomes.map(({ milliseconds }) => milliseconds));
  test.diagnostic(`answered in ${median.toFixed(1)} ms at the median`);
  if (isTimed) assert.ok(median < mostMedianMilliseconds, `answered in ${median} ms at the median`);
}

function checkMutations<A extends Answer>({ outcomes, unnoticed }: Replayed<A>): void {
  const candidates = outcomes.flatMap(({ tier }, index) => (tier.tier === 1 ? [index] : []));
  const count = Math.min(mostSamples, candidates.length);
  const changed = Array.from({ length: count }, (_, sample): [number, A] => {
    const index = candidates[Math.floor((sample * candidates.length) / count)] ?? 0;
    const { exchange, answer } = outcomes[index] ?? assert.fail();
    return [index, mutate(answer, exchange, sample)];
  });
  assert.deepEqual(
    unnoticed(new Map(changed)).map((index) => outcomes[index]?.exchange.file),
    [],
  );
}
