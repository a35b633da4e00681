import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { ended, RunningPulumi } from "../engine/processes";
import { Stack } from "../engine/stack";
import { runAgain } from "./again";
import { type Fault, faults } from "./faults";
import { Lab } from "./lab";

type Verb = "up" | "destroy";

/** What is killed at the request: everything on the machine, Pulumi's CLI, or the plugin. */
export const victims = ["everything", "the CLI", "the plugin"] as const;
type Victim = (typeof victims)[number];

interface Killing {
  readonly verb: Verb;
  readonly victim: Victim;
  /** The number of the request in the run. */
  readonly k: number;
  readonly fault: Fault;
}

export interface CliResult extends Pick<Killing, "verb" | "victim"> {
  readonly when: string;
  readonly request: string;
  /** Whether the next run needed `pulumi cancel`. */
  readonly cancelled: boolean;
  readonly problems: string[];
}

/** Runs can be slow if the machine is busy. */
const limitMs = 300_000;

/** Kills the real Pulumi CLI and plugin with SIGKILL at requests of an `up` and a `destroy`, then runs them again. */
export async function killPulumi(
  { every, lanes }: { every: number; lanes: number },
  done: (result: CliResult, total: number) => void,
): Promise<void> {
  let waiting: Killing[] | undefined;
  let total = 0;
  const runLane = async () => {
    let lane = await CliLane.start();
    if (waiting === undefined) {
      waiting = killings(lane.requests).filter((_, index) => index % every === 0);
      total = waiting.length;
    }
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const result = await lane.kill(one);
      done(result, total);
      if (result.problems.length === 0) continue;
      // The next case must not inherit anything.
      await lane.stop();
      lane = await CliLane.start();
    }
    await lane.stop();
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
}

function killings(requests: Record<Verb, string[]>): Killing[] {
  return (["up", "destroy"] as const).flatMap((verb) =>
    [...requests[verb].keys()].flatMap((index) =>
      faults
        .filter(({ kills }) => kills)
        .flatMap((fault) => victims.map((victim) => ({ verb, victim, k: index + 1, fault }))),
    ),
  );
}

class CliLane {
  readonly requests: Record<Verb, string[]> = { up: [], destroy: [] };
  /** The objects on the servers after an `up` without faults. */
  #complete: unknown;

  private constructor(
    private readonly lab: Lab,
    private readonly stack: Stack,
  ) {}

  static async start(): Promise<CliLane> {
    const lab = await Lab.start();
    const lane = new CliLane(lab, await Stack.create(lab.config, undefined, limitMs));
    await lane.stack.up();
    lane.requests.up = lab.wire.requests;
    lane.#complete = await lab.shape();
    await lab.wire.repair();
    await lane.stack.destroy();
    lane.requests.destroy = lab.wire.requests;
    return lane;
  }

  async stop(): Promise<void> {
    await this.stack.remove();
    await this.lab.stop();
  }

  async kill({ verb, victim, k, fault }: Killing): Promise<CliResult> {
    const { lab, stack } = this;
    const { wire } = lab;
    lab.forgetLogins();
    await wire.repair();
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
    // The plugin of a killed CLI ends by itself, so it cannot write during the next run.
    if (plugin !== undefined) await ended(plugin, 10);
    await wire.repair();

    const problems: string[] = [];
    const again = await runAgain(stack, verb);
    if (again.code !== 0) problems.push(again.output);
    if (verb === "up") {
      if (!isDeepStrictEqual(await lab.shape(), this.#complete))
        problems.push("the servers do not have what an undisturbed up makes");
      if (!again.output.includes("logged in through authentik")) problems.push("no login proved");
      const { code, output } = await stack.attempt("destroy");
      if (code !== 0) problems.push(output);
    }
    if (!isDeepStrictEqual(await lab.exact(), lab.foreign))
      problems.push("destroy leaves something, or touched what is not ours");
    return { verb, victim, when: fault.title, request, cancelled: again.cancelled, problems };
  }
}
