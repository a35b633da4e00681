import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { startAuthentik } from "../../lab/authentik/start";
import { startProxmox } from "../../lab/proxmox/server";
import type { Answer, Exchange } from "./exchange";
import { mutate } from "./mutations";
import { authentikVersions, proxmoxVersions, type Replayed, replayAuthentik, replayProxmox } from "./replay";
import { failuresOf, medianOf } from "./report";

const mostStartMilliseconds = 1000;
const mostMedianMilliseconds = 5;
const samples = 100;

describe("the simulators answer as the real servers did", () => {
  for (const version of authentikVersions) {
    it(`authentik ${version}`, async () => check(await replayAuthentik(version)));
  }
  for (const version of proxmoxVersions) {
    it(`Proxmox VE ${version}`, async () => check(await replayProxmox(version)));
  }
});

describe("the replay notices each change of one answer", () => {
  for (const version of authentikVersions) {
    it(`of authentik ${version}`, async () => checkMutations(await replayAuthentik(version)));
  }
  for (const version of ["9.2", "7.4"]) {
    it(`of Proxmox VE ${version}`, async () => checkMutations(await replayProxmox(version)));
  }
});

describe("the simulators start fast", () => {
  it("authentik", async () => assertFast(() => startAuthentik()));
  it("Proxmox VE", async () => assertFast(() => startProxmox({ port: 0, rootPassword: "secret" })));
});

/** The fastest of a few counts: other tests may run beside this one. */
async function assertFast(start: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  const times = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const started = performance.now();
    const server = await start();
    times.push(performance.now() - started);
    await server.close();
  }
  assert.ok(Math.min(...times) < mostStartMilliseconds, `started in ${times.map(Math.round)} ms`);
}

function check(replayed: Replayed): void {
  const failures = failuresOf(replayed).map(({ exchange, differences }) => [exchange.file, differences]);
  assert.equal(failures.length, 0, inspect(failures, { depth: 6 }));
  const { outcomes } = replayed;
  assert.ok(outcomes.some(({ tier }) => tier.tier === 1));
  const median = medianOf(outcomes.map(({ milliseconds }) => milliseconds));
  assert.ok(median < mostMedianMilliseconds, `answered in ${median} ms at the median`);
}

function checkMutations<A extends Answer>({ outcomes, compare }: Replayed<A>): void {
  const pairs = outcomes.map(({ exchange, answer }) => ({ exchange, answer }));
  assert.equal(compare(pairs), 0);
  const candidates = outcomes.flatMap(({ tier, exchange }, index) =>
    tier.tier === 1 && hasWholeBody(exchange) ? [index] : [],
  );
  const unnoticed = Array.from({ length: samples / 2 }, (_, sample) => {
    const index = candidates[Math.floor((sample * candidates.length * 2) / samples)] ?? 0;
    return compare(pairs.map((pair, at) => (at === index ? mutated(pair, sample) : pair))) > 0
      ? []
      : [`${pairs[index]?.exchange.file} #${sample}`];
  }).flat();
  assert.deepEqual(unnoticed, []);
}

function mutated<A extends Answer>({ exchange, answer }: { exchange: Exchange; answer: A }, seed: number) {
  return { exchange, answer: mutate(answer, exchange.answer, seed) };
}

/** Of a page, only the heading is compared. */
function hasWholeBody({ answer }: Exchange): boolean {
  return !String(answer).includes("<!DOCTYPE");
}
