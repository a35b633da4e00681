import * as pulumi from "@pulumi/pulumi";
import { configKey } from "../../config/schema";
import { credentialNamespace } from "../../providers/core/credentials";
import type { DefinedProvider } from "../../providers/core/provider";
import type * as Registry from "../../providers/registry";
import type { ConfigValues } from "../engine/stack";
import { plain } from "../tools/plain-properties";
import { freshly } from "./fresh";

type Properties = Record<string, unknown>;

interface Saved {
  readonly type: string;
  readonly id: string;
  readonly outs: Properties;
}

interface MockResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

const project = "proxmox-authentik-sso";
const pluginNamespace = `${credentialNamespace}:`;
const dynamicType = "pulumi-nodejs:dynamic/";

const runProgram = freshly("index.ts");
const startPlugin = freshly<typeof Registry>("providers/registry.ts");

/**
 * The part of Pulumi's engine that matters for lost and kept state, in this process. It runs the real program under
 * Pulumi's mocks, and its resources through the real providers in the order of their dependencies. A run takes
 * tenths of a second instead of seconds.
 */
export class InProcessEngine {
  /** The saved resources, in the order of saving. */
  readonly state = new Map<string, Saved>();
  readonly #config: Record<string, string> = {};
  readonly #secretKeys = new Set<string>();
  #run = 0;

  constructor(config: ConfigValues) {
    this.configure(config);
  }

  /** Simulates a killed process: unfinished operations are not saved. */
  kill(): void {
    this.#run++;
  }

  /** Returns the error, if any. Later runs use the new config values too. */
  async up(more: ConfigValues = { plain: {}, secret: {} }): Promise<Error | undefined> {
    const run = ++this.#run;
    this.configure(more);
    const providerFor = this.#plugin();
    const seen = new Set<string>();
    let underWay = 0;
    const failure = await new Promise<Error | undefined>((resolve) => {
      let failed: Error | undefined;
      const newResource = async ({ type, name, inputs }: MockResource) => {
        if (!type.startsWith(dynamicType)) return { id: name, state: inputs };
        if (!failed) {
          underWay++;
          try {
            const saved = await this.#step(run, await providerFor(type), type, name, plain(inputs));
            seen.add(name);
            underWay--;
            if (!failed) return { id: saved.id, state: saved.outs };
          } catch (error) {
            underWay--;
            failed ??= error instanceof Error ? error : new Error(String(error));
          }
        }
        if (underWay === 0) resolve(failed);
        // Like a program that the engine has ended.
        return new Promise<never>(() => {});
      };
      this.#program(newResource).then(() => resolve(undefined), resolve);
    });
    // Operations of the abandoned program are ignored.
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "", state: inputs }),
      call: () => ({}),
    });
    if (failure === undefined) await this.#deleteAll((name) => !seen.has(name));
    return run === this.#run ? failure : new Error("killed");
  }

  async destroy(): Promise<Error | undefined> {
    const run = ++this.#run;
    try {
      await this.#deleteAll(() => true);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    return run === this.#run ? undefined : new Error("killed");
  }

  async refresh(): Promise<Error | undefined> {
    const run = ++this.#run;
    const providerFor = this.#plugin();
    try {
      for (const [name, { type, id, outs }] of [...this.state]) {
        const read = await (await providerFor(type)).read(id, outs);
        const saved = { type, id, outs: read.props ?? {} };
        this.#save(run, () => (read.id === "" ? this.state.delete(name) : this.state.set(name, saved)));
      }
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    return run === this.#run ? undefined : new Error("killed");
  }

  /** The names of requested objects that differ from the state. */
  async drift(which: (name: string) => boolean = () => true): Promise<string[]> {
    const providerFor = this.#plugin();
    const drifted: string[] = [];
    for (const [name, { type, id, outs }] of [...this.state].filter(([each]) => which(each))) {
      const provider = await providerFor(type);
      const read = await provider.read(id, outs);
      if (read.id === "") drifted.push(`${name} is gone`);
      else if ((await provider.diff(id, read.props ?? {}, outs)).changes) drifted.push(`${name} differs`);
    }
    return drifted;
  }

  /** Sets values for later runs. */
  configure({ plain, secret }: ConfigValues): void {
    for (const [key, value] of Object.entries(structured(plain))) this.#config[fullKey(key)] = value;
    for (const [key, value] of Object.entries(secret)) {
      this.#config[fullKey(key)] = value;
      this.#secretKeys.add(fullKey(key));
    }
  }

  async #step(
    run: number,
    provider: DefinedProvider,
    type: string,
    name: string,
    given: Properties,
  ): Promise<Saved> {
    const old = this.state.get(name);
    const { inputs = {}, failures = [] } = await provider.check(old?.outs ?? {}, given);
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    const { changes = false, replaces = [] } = old ? await provider.diff(old.id, old.outs, inputs) : {};
    if (old && !changes) return old;
    if (old && replaces.length > 0) {
      await provider.delete(old.id, old.outs);
      this.#save(run, () => this.state.delete(name));
    }
    const isNew = !old || replaces.length > 0;
    const { id = old?.id ?? "", outs = {} } = isNew
      ? await provider.create(inputs)
      : { id: old.id, ...(await provider.update(old.id, old.outs, inputs)) };
    const saved = { type, id, outs };
    this.#save(run, () => this.state.set(name, saved));
    return saved;
  }

  async #deleteAll(which: (name: string) => boolean): Promise<void> {
    const run = this.#run;
    const doomed = [...this.state].filter(([name]) => which(name)).reverse();
    if (doomed.length === 0) return;
    const providerFor = this.#plugin();
    for (const [name, { type, id, outs }] of doomed) {
      await (await providerFor(type)).delete(id, outs);
      this.#save(run, () => this.state.delete(name));
    }
  }

  #save(run: number, write: () => unknown): void {
    if (run === this.#run) write();
  }

  /** A new plugin process without any cache. */
  #plugin(): (type: string) => Promise<DefinedProvider> {
    process.env.PULUMI_CONFIG = JSON.stringify(
      Object.fromEntries(
        Object.entries(this.#config)
          .filter(([key]) => key.startsWith(pluginNamespace))
          .map(([key, value]) => [key.slice(pluginNamespace.length), value]),
      ),
    );
    const registry = startPlugin();
    return async (type) => {
      const provider = registry.providerFor(
        type.slice(type.startsWith(dynamicType) ? dynamicType.length : 0),
      );
      const get = (key: string) => this.#config[key];
      await provider.configure({ config: { get, require: (key) => get(key) ?? "" } });
      return provider;
    };
  }

  async #program(newResource: pulumi.runtime.Mocks["newResource"]): Promise<void> {
    const secretKeys = [...this.#secretKeys];
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, project, "faults");
    pulumi.runtime.setAllConfig(this.#config, secretKeys);
    runProgram();
    await pulumi.runtime.disconnect();
  }
}

/** A config key in the engine's form. */
function fullKey(key: string): string {
  const name = configKey(key);
  return name.includes(":") ? name : `${project}:${name}`;
}

/**
 * `proxmoxAddresses[0]` and `access["pve-users"]["/"]` in the CLI's form, converted to the form that a
 * program receives.
 */
function structured(plain: Record<string, string>): Record<string, string> {
  const root: Properties = {};
  for (const [path, value] of Object.entries(plain)) {
    const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|\.?([^.[\]]+)/g)].map(
      ([, quoted, index, name]) => quoted ?? index ?? name ?? "",
    );
    let parent = root;
    for (const [position, step] of steps.slice(0, -1).entries()) {
      parent[step] ??= path.endsWith(`[${steps[position + 1]}]`) ? [] : {};
      parent = Object(parent[step]);
    }
    parent[steps.at(-1) ?? ""] = value;
  }
  return Object.fromEntries(
    Object.entries(root).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
