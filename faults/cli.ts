import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { ended, RunningPulumi } from "../test/engine/processes";
import { Stack } from "../test/engine/stack";
import { type Fault, faults } from "./faults";
import { Lab } from "./lab";

type Verb = "up" | "destroy";

/** Who dies at the request: the machine with all that runs on it, Pulumi's CLI, or the plugin that runs our resources. */
export const victims = ["everything", "the CLI", "the plugin"] as const;
type Victim = (typeof victims)[number];

export interface CliResult {
  readonly verb: Verb;
  readonly victim: Victim;
  readonly when: string;
  readonly request: string;
  /** Whether `pulumi cancel` was needed before the next run. */
  readonly cancelled: boolean;
  /** Whether the CLI died while it wrote the file that describes the state's file. */
  readonly needsRepair: boolean;
  readonly problems: string[];
}

/** The real Pulumi CLI and plugin, killed by SIGKILL at requests of an `up` and a `destroy`, and run again. */
export async function* killPulumi(every: number): AsyncGenerator<CliResult> {
  const lab = await Lab.start();
  const stack = await Stack.create(lab.config);
  try {
    const undisturbed: Record<Verb, string[]> = { up: [], destroy: [] };
    await stack.up();
    undisturbed.up = lab.wire.requests;
    const complete = await lab.shape();
    await lab.wire.mend();
    await stack.destroy();
    undisturbed.destroy = lab.wire.requests;
    let count = 0;
    for (const verb of ["up", "destroy"] as const) {
      for (const k of undisturbed[verb].keys()) {
        for (const fault of faults.filter(({ kills }) => kills)) {
          for (const victim of victims) {
            if (count++ % every === 0)
              yield await kill(lab, stack, { verb, k: k + 1, fault, victim, complete });
          }
        }
      }
    }
  } finally {
    await stack.remove();
    await lab.stop();
  }
}

interface Killing {
  verb: Verb;
  k: number;
  fault: Fault;
  victim: Victim;
  complete: unknown;
}

async function kill(
  lab: Lab,
  stack: Stack,
  { verb, k, fault, victim, complete }: Killing,
): Promise<CliResult> {
  const { wire } = lab;
  lab.forgetLogins();
  await wire.mend();
  if (verb === "destroy") await stack.up();
  await wire.breakAt(k, fault);
  const run = stack.start(verb);
  const running = new RunningPulumi(run.pid ?? 0);
  let plugin: number | undefined;
  wire.onKill = () => {
    plugin = running.plugin();
    if (victim === "everything") running.killAll();
    else if (victim === "the CLI") running.killCli();
    else running.killPlugin();
  };
  await once(run, "exit");
  const request = wire.struck ?? "none";
  // The plugin of a dead CLI ends by itself, so that nothing writes beside the next run.
  if (plugin !== undefined) await ended(plugin, 10);
  await wire.mend();

  const problems: string[] = [];
  const needsRepair = await stack.repairState();
  let again = await stack.attempt(verb);
  const cancelled = again.output.includes("pulumi cancel");
  if (cancelled) {
    await stack.cancel();
    again = await stack.attempt(verb);
  }
  if (again.code !== 0) problems.push(again.output);
  if (verb === "up") {
    if (!isDeepStrictEqual(await lab.shape(), complete))
      problems.push("the servers do not have what an undisturbed up makes");
    if (!again.output.includes("logged in through authentik")) problems.push("no login proved");
    await stack.destroy();
  }
  if (!isDeepStrictEqual(await lab.exact(), lab.foreign))
    problems.push("destroy leaves something, or touched what is not ours");
  return { verb, victim, when: fault.title, request, cancelled, needsRepair, problems };
}
