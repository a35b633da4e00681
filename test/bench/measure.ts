import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialKey } from "../../providers/core/credentials";
import { Stack } from "../engine/stack";
import type { FloorCommand } from "./empty-stack";
import { type Figures, figuresOf } from "./figures";
import { BenchServers, type Calls } from "./servers";
import { steps } from "./steps";

const limitMs = 20 * 60_000;

export interface Case {
  readonly clusters: number;
  /** How slow the servers are: 1 is as the real ones were measured, 0 as fast as they can. */
  readonly load: number;
  /** Each cluster with three groups that have a role. */
  readonly access: boolean;
}

export interface StepResult extends Figures {
  readonly step: string;
  readonly floor: Figures;
  readonly calls: Calls;
}

export interface CaseResult extends Case {
  readonly steps: readonly StepResult[];
  readonly resources: number;
  readonly stateBytes: number;
}

/**
 * One run of a case.
 *
 * @param floorOf runs before each step, and says what an empty program takes for the like
 */
export async function measureCase(
  measured: Case,
  floorOf: (command: FloorCommand) => Promise<Figures>,
): Promise<CaseResult> {
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
      const floor = await floorOf(step.floor);
      if (step.name === "destroy") largest = await stateOf(stack);
      const figures = await figuresOf(() => step.run(stack));
      results.push({ step: step.name, ...figures, floor, calls: servers.takeCalls() });
    }
    return { ...measured, steps: results, ...largest };
  } finally {
    await stack.remove();
    await servers.stop();
    await rm(folder, { recursive: true });
  }
}

async function stateOf(stack: Stack): Promise<{ resources: number; stateBytes: number }> {
  const sizes = (await stack.resources()).map((resource) => JSON.stringify(resource).length);
  return { resources: sizes.length, stateBytes: sizes.reduce((sum, size) => sum + size, 0) };
}
