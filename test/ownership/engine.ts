import { randomUUID } from "node:crypto";
import timers from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { DefinedProvider } from "../../providers/core/provider";
import type * as Registry from "../../providers/registry";
import { freshly } from "../faults/fresh";
import { plain } from "../tools/plain-properties";
import { Monitor, type Registration } from "./monitor";
import { Plan, type Saved } from "./plan";

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
}

const project = "ownership";
const dynamicType = "pulumi-nodejs:dynamic/";
/** The plugin's pauses last a tenth of their time. Only this speeds them up: the servers answer as always. */
const shortPauses = {
  ...timers,
  setTimeout: <Value>(milliseconds: number, value?: Value) => timers.setTimeout(milliseconds / 10, value),
};
const startPlugin = freshly<typeof Registry>("providers/registry.ts", {
  instead: { "node:timers/promises": shortPauses },
});

/** A resource whose object a run has written. */
export interface Written {
  readonly type: string;
  readonly inputs: Properties;
}

/** Simulates a killed process. */
export class Killed extends Error {
  /** @param unrecorded what the server has created and the state does not contain */
  constructor(
    message: string,
    readonly unrecorded?: Written,
    /** Whether the server has deleted something that is still in the state. Only a refresh finds that. */
    readonly hasDeleted = false,
  ) {
    super(message);
  }
}

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

  async #run({ killAt }: Options, work: (process: PluginProcess) => Promise<void>): Promise<Run> {
    process.env.PULUMI_CONFIG = JSON.stringify(this.#credentials);
    const said: string[] = [];
    const plugin = new PluginProcess(new Plan(this.state), killAt, said, (state) => {
      this.#saved = JSON.stringify(state);
    });
    const print = console.log;
    console.log = (text: unknown) => said.push(String(text));
    this.said = said;
    try {
      await work(plugin);
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

/** One process of the plugin, and the engine's calls to it. */
class PluginProcess {
  readonly changes: string[] = [];
  readonly #registry = startPlugin();

  constructor(
    readonly plan: Plan,
    private readonly killAt: number | undefined,
    private readonly said: readonly string[],
    private readonly save: (state: Saved[]) => void,
  ) {}

  async step(wanted: Registration, isForced: boolean): Promise<{ id: string; state: Properties }> {
    const old = this.plan.take(wanted);
    if (!wanted.isCustom) return { id: wanted.name, state: plain(wanted.inputs) };
    if (!wanted.type.startsWith(dynamicType)) {
      // A provider resource: its id stays as long as its state.
      return this.#keep(wanted, old?.id ?? randomUUID(), {}, plain(wanted.inputs));
    }
    const provider = await this.#provider(wanted.type);
    const { inputs = {}, failures = [] } = await provider.check(old?.inputs ?? {}, plain(wanted.inputs));
    if (failures.length > 0) throw new Error(`${wanted.name}: ${JSON.stringify(failures)}`);
    if (old === undefined) return this.#create(provider, wanted, inputs);
    const {
      changes = false,
      replaces = [],
      deleteBeforeReplace = false,
    } = isForced ? { changes: true, replaces: ["id"] } : await provider.diff(old.id, old.outs, inputs);
    if (!changes) return this.#keep(wanted, old.id, inputs, old.outs);
    if (replaces.length === 0) {
      const { outs = {} } = await provider.update(old.id, old.outs, inputs);
      this.#changed("update", wanted.name, { type: wanted.type, inputs });
      return this.#keep(wanted, old.id, inputs, outs);
    }
    if (!deleteBeforeReplace && !wanted.deleteBeforeReplace) {
      this.plan.condemn(old);
      return this.#create(provider, wanted, inputs);
    }
    const doomed = [...(await this.plan.replacedWith(old, (one) => this.#provider(one.type))), old];
    for (const one of doomed) this.plan.deletions.add(one.urn);
    for (const one of doomed) await this.remove(one);
    return this.#create(provider, wanted, inputs);
  }

  async remove(old: Saved): Promise<void> {
    if (old.type.startsWith(dynamicType) && !old.retainOnDelete && !this.plan.goesWithAnother(old)) {
      await (await this.#provider(old.type)).delete(old.id, old.outs);
      // For a renamed resource, whose object stays, the last message counts.
      const hasDeleted = !/ stays: another resource of this stack/.test(this.said.at(-1) ?? "");
      this.#changed("delete", old.name, undefined, hasDeleted);
    }
    this.plan.drop(old);
    this.save(this.plan.state);
  }

  async refresh(old: Saved): Promise<void> {
    if (!old.type.startsWith(dynamicType)) return;
    const {
      id,
      props = {},
      inputs = old.inputs,
    } = await (await this.#provider(old.type)).read(old.id, old.outs);
    if (id === "") this.plan.drop(old);
    else this.plan.set({ ...old, outs: props, inputs });
    this.save(this.plan.state);
  }

  async #create(provider: DefinedProvider, wanted: Registration, inputs: Properties) {
    const { id, outs = {} } = await provider.create(inputs);
    this.#changed("create", wanted.name, { type: wanted.type, inputs });
    return this.#keep(wanted, id, inputs, outs);
  }

  #changed(verb: string, name: string, written?: Written, hasDeleted = false): void {
    this.changes.push(`${verb} ${name}`);
    if (this.changes.length === this.killAt)
      throw new Killed(`killed at ${verb} ${name}`, written, hasDeleted);
  }

  #keep(wanted: Registration, id: string, inputs: Properties, outs: Properties) {
    const { aliases: _, isCustom: __, ...options } = wanted;
    this.plan.keep({ ...options, id, inputs, outs });
    this.save(this.plan.state);
    return { id, state: outs };
  }

  async #provider(type: string): Promise<DefinedProvider> {
    const provider = this.#registry.providerFor(type.slice(dynamicType.length));
    await provider.configure({ config: { get: () => undefined, require: () => "" } });
    return provider;
  }
}
