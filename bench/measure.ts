import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialKey } from "../providers/core/credentials";
import { Stack } from "../test/engine/stack";
import { type Usage, watchProcesses } from "./processes";
import { BenchServers, type Calls } from "./servers";
import { type Step, steps } from "./steps";

const limitMs = 20 * 60_000;

export interface Case {
  readonly clusters: number;
  /** How slow the servers are: 1 is as the real ones were measured, 0 as fast as they can. */
  readonly load: number;
  /** Each cluster with three groups that have a role. */
  readonly access: boolean;
}

export interface Figures extends Usage {
  readonly seconds: number;
}

export interface StepResult extends Figures {
  readonly step: string;
  readonly calls: Calls;
}

export interface CaseResult extends Case {
  readonly steps: readonly StepResult[];
  readonly resources: number;
  readonly stateBytes: number;
}

export async function measureCase(measured: Case): Promise<CaseResult> {
  const servers = await BenchServers.start(measured.clusters, measured.load);
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const file = join(folder, "servers.json");
  await writeFile(file, JSON.stringify(servers.addresses));
  const { authentikToken, proxmoxToken } = servers;
  // The nodes of this process have one CA; config for a hundred would not fit into a program's environment.
  const [ca = ""] = servers.addresses.clusters.map((cluster) => cluster.ca);
  const stack = await Stack.create(
    {
      plain: { servers: file, access: String(measured.access), [credentialKey("proxmoxCa")]: ca },
      secret: { authentikToken, proxmoxToken },
    },
    join(__dirname, "program"),
    limitMs,
  );
  const results: StepResult[] = [];
  let largest = { resources: 0, stateBytes: 0 };
  try {
    for (const step of steps) {
      if (step.name === "destroy") largest = await stateOf(stack);
      const figures = await figuresOf(() => step.run(stack));
      results.push({ step: step.name, ...figures, calls: servers.takeCalls() });
    }
    return { ...measured, steps: results, ...largest };
  } finally {
    await stack.remove();
    await servers.stop();
    await rm(folder, { recursive: true });
  }
}

/** What the same CLI takes for an empty TypeScript program, as Pulumi runs those by default. */
export async function measureFloor(): Promise<Record<Step["floor"], Figures>> {
  const stack = await Stack.create({ plain: {}, secret: {} }, join(__dirname, "empty"), limitMs);
  try {
    // The first one fills ts-node's and Pulumi's caches.
    await stack.preview();
    const up = await figuresOf(() => stack.up());
    const preview = await figuresOf(() => stack.preview());
    const refresh = await figuresOf(() => stack.refresh());
    return { up, preview, refresh, destroy: await figuresOf(() => stack.destroy()) };
  } finally {
    await stack.remove();
  }
}

async function figuresOf(action: () => Promise<unknown>): Promise<Figures> {
  const begun = performance.now();
  const usage = await watchProcesses(action);
  return { seconds: (performance.now() - begun) / 1000, ...usage };
}

async function stateOf(stack: Stack): Promise<{ resources: number; stateBytes: number }> {
  const sizes = (await stack.resources()).map((resource) => JSON.stringify(resource).length);
  return { resources: sizes.length, stateBytes: sizes.reduce((sum, size) => sum + size, 0) };
}
