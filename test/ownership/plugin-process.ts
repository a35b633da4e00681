import { randomUUID } from "node:crypto";
import timers from "node:timers/promises";
import axios, { type InternalAxiosRequestConfig } from "axios";
import type { DefinedProvider } from "../../providers/core/provider";
import type * as Registry from "../../providers/registry";
import { freshly } from "../faults/fresh";
import { plain } from "../tools/plain-properties";
import type { Registration } from "./monitor";
import type { Plan, Saved } from "./plan";

type Properties = Record<string, unknown>;

const dynamicType = "pulumi-nodejs:dynamic/";

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

/** The writes of one process of the plugin. */
interface Wire {
  untilDeath: number;
  die(): void;
}

/** Belongs to the process that runs now. */
let wire: Wire | undefined;

/** What remains on a server. The requests of a login do not. */
function isWrite({ method = "get", baseURL = "", url = "" }: InternalAxiosRequestConfig): boolean {
  return (
    method !== "get" && /\/(core|crypto|policies|propertymappings|providers|access)\//.test(baseURL + url)
  );
}

/** Sends as always. When the process dies, the server has done what it was asked, and nobody hears of it. */
const sendAndDie: typeof axios.getAdapter = (name) => {
  const send = axios.getAdapter(name);
  return async (config) => {
    const own = wire;
    if (own && own.untilDeath <= 0) return new Promise<never>(() => {});
    const answer = send(config);
    if (own && isWrite(config) && --own.untilDeath === 0) {
      await answer.catch(() => {});
      own.die();
      return new Promise<never>(() => {});
    }
    return answer;
  };
};
const dyingAxios = new Proxy(axios, {
  get: (real, key) => (key === "getAdapter" ? sendAndDie : Reflect.get(real, key)),
});

/** The plugin's pauses last a tenth of their time. Only this speeds them up: the servers answer as always. */
const shortPauses = {
  ...timers,
  setTimeout: <Value>(milliseconds: number, value?: Value) => timers.setTimeout(milliseconds / 10, value),
};
const startPlugin = freshly<typeof Registry>("providers/registry.ts", {
  instead: { "node:timers/promises": shortPauses, axios: dyingAxios },
});

/** One process of the plugin, and the engine's calls to it. */
export class PluginProcess {
  readonly changes: string[] = [];
  /** Rejects when the process dies in the middle of a change. */
  readonly death: Promise<never>;
  readonly #registry = startPlugin();
  /** What the plugin does now. */
  #current: { readonly what: string; readonly written?: Written } | undefined;

  constructor(
    readonly plan: Plan,
    private readonly kill: { killAt: number | undefined; killAtWrite: number | undefined },
    private readonly said: readonly string[],
    private readonly save: (state: Saved[]) => void,
  ) {
    this.death = new Promise<never>((_, reject) => {
      const die = () => {
        const { what = "nothing", written } = this.#current ?? {};
        reject(new Killed(`killed in ${what}`, written, written === undefined));
      };
      wire = { untilDeath: kill.killAtWrite ?? Number.POSITIVE_INFINITY, die };
    });
    // A run that fails otherwise does not wait for it.
    this.death.catch(() => {});
  }

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
      this.#current = { what: `update ${wanted.name}`, written: { type: wanted.type, inputs } };
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
      this.#current = { what: `delete ${old.name}` };
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
    this.#current = { what: `create ${wanted.name}`, written: { type: wanted.type, inputs } };
    const { id, outs = {} } = await provider.create(inputs);
    this.#changed("create", wanted.name, { type: wanted.type, inputs });
    return this.#keep(wanted, id, inputs, outs);
  }

  #changed(verb: string, name: string, written?: Written, hasDeleted = false): void {
    this.changes.push(`${verb} ${name}`);
    if (this.changes.length === this.kill.killAt)
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
