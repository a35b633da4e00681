import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authentikOfNovember30 } from "../../lab/load";
import { credentialKey } from "../../providers/core/credentials";
import { Stack } from "../engine/stack";
import type { FloorCommand } from "./empty-stack";
import { type Figures, figuresOf } from "./figures";
import { BenchServers, type Calls } from "./servers";
import { type Step, steps } from "./steps";

const limitMs = 20 * 60_000;

export interface Case {
  readonly clusters: number;
  /** Speed of the servers: 1 is as slow as the real ones, 0 without delays. */
  readonly load: number;
  /** Whether each cluster has three groups with a role. */
  readonly access: boolean;
  /** Whether the proofs log in a user, and do not stop before the login. */
  readonly login: boolean;
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
 * Runs a case once.
 * @param floorOf runs before each step, and returns the time of an empty program
 */
export async function measureCase(
  measured: Case,
  floorOf: (command: FloorCommand) => Promise<Figures>,
  wanted: readonly Step[] = steps,
): Promise<CaseResult> {
  const servers = await BenchServers.start(measured.clusters, measured.load, authentikOfNovember30);
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const file = join(folder, "servers.json");
  await writeFile(file, JSON.stringify(servers.addresses));
  const { authentikToken, proxmoxToken } = servers;
  // The nodes of this process share one CA. The config of a hundred would not fit into a program's environment.
  const [ca = ""] = servers.addresses.clusters.map((cluster) => cluster.ca);
  const stack = await Stack.create(
    {
      plain: {
        servers: file,
        access: String(measured.access),
        login: String(measured.login),
        [credentialKey("proxmoxCa")]: ca,
      },
      secret: { authentikToken, proxmoxToken },
    },
    join(__dirname, "program"),
    limitMs,
  );
  const results: StepResult[] = [];
  let largest = { resources: 0, stateBytes: 0 };
  try {
    for (const step of wanted) {
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
