import * as pulumi from "@pulumi/pulumi";
import { Monitor, type Registration } from "./monitor";
import { Plan, type Saved } from "./plan";
import { PluginProcess } from "./plugin-process";

type Properties = Record<string, unknown>;

export interface Run {
  /** The error, if the run failed. */
  error: Error | undefined;
  /** Each change of a resource by the run, such as `update sso-realm`. */
  changes: string[];
}

export interface Options {
  /** Names of resources to replace, independent of `diff`. */
  replace?: readonly string[];
  /** The process dies at this number of changes, before the last of them is saved. */
  killAt?: number | undefined;
  /** The process dies at this number of writes to the servers, which can be in the middle of a change. */
  killAtWrite?: number | undefined;
}

const project = "ownership";
/**
 * Pulumi's engine in this process: its rules for checks, diffs, creates, updates, replacements, deletes and
 * what it saves. It runs the real components under Pulumi's mocks, one resource at a time, so a seed gives
 * the same run again.
 */
export class ModelEngine {
  #saved = "[]";
  /** The messages of the last run. */
  said: readonly string[] = [];
  readonly #credentials: Record<string, string>;

  constructor(
    readonly stack: string,
    credentials: Record<string, string>,
  ) {
    this.#credentials = credentials;
  }

  get state(): Saved[] {
    return JSON.parse(this.#saved);
  }

  up(program: () => void, options: Options = {}): Promise<Run> {
    return this.#run(options, async (process) => {
      await this.#register(process, program, options);
      const left = process.plan.left();
      for (const one of left) process.plan.deletions.add(one.urn);
      for (const one of left) await process.remove(one);
    });
  }

  destroy(options: Options = {}): Promise<Run> {
    return this.#run(options, async (process) => {
      const all = process.plan.left();
      for (const one of all) process.plan.deletions.add(one.urn);
      for (const one of all) await process.remove(one);
    });
  }

  refresh(): Promise<Run> {
    return this.#run({}, async (process) => {
      // All at once, because nothing is written: simultaneous reads share their calls.
      await Promise.all(process.plan.state.map((one) => process.refresh(one)));
    });
  }

  async #run(
    { killAt, killAtWrite }: Options,
    work: (process: PluginProcess) => Promise<void>,
  ): Promise<Run> {
    process.env.PULUMI_CONFIG = JSON.stringify(this.#credentials);
    const said: string[] = [];
    const plugin = new PluginProcess(new Plan(this.state), { killAt, killAtWrite }, said, (state) => {
      this.#saved = JSON.stringify(state);
    });
    const print = console.log;
    console.log = (text: unknown) => said.push(String(text));
    this.said = said;
    try {
      await Promise.race([work(plugin), plugin.death]);
      return { error: undefined, changes: plugin.changes };
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)), changes: plugin.changes };
    } finally {
      console.log = print;
    }
  }

  /**
   * Runs the program until everything is registered, or something fails. Then Pulumi's engine ends the
   * program.
   */
  #register(plugin: PluginProcess, program: () => void, { replace = [] }: Options): Promise<void> {
    return new Promise((resolve, reject) => {
      const recorded = outputsIn(this.state);
      let before: Promise<unknown> = Promise.resolve();
      let hasFailed = false;
      const register = (registration: Registration) => {
        const result = before.then(() => {
          if (hasFailed) return new Promise<never>(() => {});
          return plugin.step(registration, replace.includes(registration.name));
        });
        before = result.catch((error: unknown) => {
          hasFailed = true;
          reject(error);
        });
        // As in a program that the engine has ended.
        return result.catch(() => new Promise<never>(() => {}));
      };
      const run = async () => {
        await new Monitor(project, this.stack, register, () => recorded).listen();
        program();
        await pulumi.runtime.disconnect();
      };
      run().then(resolve, reject);
    });
  }
}

function outputsIn(state: readonly Saved[]): Record<string, { outputs: Properties }> {
  return Object.fromEntries(state.map(({ urn, id, outs }) => [urn, { outputs: { ...outs, id } }]));
}
