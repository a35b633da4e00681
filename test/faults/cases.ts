import { isDeepStrictEqual } from "node:util";
import { timeoutKey } from "../../providers/http/timeout";
import { InProcessEngine } from "./engine";
import { type Fault, faults } from "./faults";
import type { Lab } from "./lab";

export type Step = "up" | "change" | "destroy";

export interface Case {
  readonly step: Step;
  /** The number of the failing request in the step, or the request itself. */
  readonly at: number | string;
  /** Its index among the faults. */
  readonly fault: number;
}

export interface Result extends Case {
  /** The request that failed, if any could. */
  readonly struck: string | undefined;
  /** Whether the step succeeded directly, or after it ran again. */
  readonly again: boolean;
  readonly problems: string[];
}

export function faultOf({ fault }: Pick<Case, "fault">): Fault {
  const found = faults[fault];
  if (found === undefined) throw new Error(`There is no fault ${fault}.`);
  return found;
}

const followed = /^GET \/api\/v3\/core\/(groups|users)\//;

/** Usually enough on a busy machine. A run that times out is repeated anyway. */
const shortTimeout = "4";

function withTimeout(seconds = shortTimeout) {
  return { plain: { [timeoutKey]: seconds }, secret: {} };
}

/** Runs the step with the fault, repeats it like a person, and compares the objects on the servers. */
export class CaseRunner {
  readonly #lab: Lab;
  /** The objects on the servers after a step without faults. */
  readonly #expected = new Map<Step, unknown>();
  /** The requests of a step without faults, in order. */
  readonly requests = new Map<Step, string[]>();

  private constructor(lab: Lab) {
    this.#lab = lab;
  }

  static async on(lab: Lab): Promise<CaseRunner> {
    const runner = new CaseRunner(lab);
    const engine = new InProcessEngine(lab.config);
    for (const step of ["up", "change", "destroy"] as const) {
      await lab.wire.repair();
      const error = await runner.#run(engine, step);
      if (error) throw error;
      runner.requests.set(step, [...lab.wire.requests]);
      runner.#expected.set(step, await lab.shape());
    }
    return runner;
  }

  async run(one: Case): Promise<Result> {
    const { wire } = this.#lab;
    const { step, at } = one;
    const engine = new InProcessEngine(this.#lab.config);
    await wire.repair();
    this.#lab.forgetLogins();
    const problems = new Problems();
    if (step !== "up") problems.add("before the step", await engine.up());
    const fault = faultOf(one);
    if (fault.unanswered) engine.configure(withTimeout(shortTimeout));
    await wire.breakAt(at, fault);
    wire.onKill = () => engine.kill();
    const failure = await this.#run(engine, step);
    const { struck } = wire;
    engine.configure(withTimeout(this.#lab.config.plain[timeoutKey]));
    await wire.repair();
    problems.addMessageOf(failure, this.#lab);

    if (failure) problems.add("run again", await this.#run(engine, step));
    await this.#look(engine, step, problems);
    if (step !== "destroy") problems.add("destroy", await engine.destroy());
    if (!isDeepStrictEqual(await this.#lab.exact(), this.#lab.foreign))
      problems.all.push("destroy leaves something, or touched what is not ours");
    return { ...one, struck, again: failure !== undefined, problems: problems.all };
  }

  async #look(engine: InProcessEngine, step: Step, problems: Problems): Promise<void> {
    const { wire } = this.#lab;
    if (!isDeepStrictEqual(await this.#lab.shape(), this.#expected.get(step))) {
      problems.all.push("the servers do not have what an undisturbed run makes");
    }
    if (step === "destroy") return;
    if (!String(engine.state.get("sso-proof")?.outs.summary).includes("logged in"))
      problems.all.push("no login proved");
    problems.all.push(...(await engine.drift()));
    await wire.repair();
    problems.add("once more", await this.#run(engine, step));
    // An up asks authentik for the members of followed groups.
    const expected = this.#lab.other ? followed : /^$/;
    const others = wire.requests.filter((request) => !expected.test(request));
    if (others.length > 0) problems.all.push(`one more run is not quiet: ${others.join(", ")}`);
  }

  #run(engine: InProcessEngine, step: Step): Promise<Error | undefined> {
    if (step === "destroy") return engine.destroy();
    return engine.up(step === "change" ? this.#lab.changed : undefined);
  }
}

class Problems {
  readonly all: string[] = [];

  add(when: string, error: Error | undefined): void {
    if (error) this.all.push(`${when}: ${error.message}`);
  }

  /** An error caused by a fault must be readable and contain no secret. */
  addMessageOf(error: Error | undefined, { config }: Lab): void {
    if (!error || error.message === "killed") return;
    if (error.name !== "UserError") this.all.push(`an error that is none for people: ${error.stack}`);
    if (Object.values(config.secret).some((secret) => error.message.includes(secret))) {
      this.all.push(`a secret in: ${error.message}`);
    }
  }
}
