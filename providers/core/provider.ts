import type { dynamic } from "@pulumi/pulumi";
import { shortened, whole } from "./certificates";
import { differences } from "./compare";
import { Credentials } from "./credentials";
import { withDefaults } from "./defaults";
import type { AnyDefinition } from "./definition";
import { messageOf, NotFoundError, OutcomeUnknownError, RejectedError, UserError } from "./errors";
import { redact } from "./redact";
import { hasUnknown } from "./unknown";
import { validateInputs } from "./validate";
import { requireVersion } from "./versions";

type Properties = Record<string, unknown>;

const createAttempts = 3;

/** Runs one definition as a Pulumi dynamic provider, in the engine's plugin process. */
export class DefinedProvider implements dynamic.ResourceProvider {
  readonly #definition: AnyDefinition;
  #credentials = new Credentials({ get: () => undefined });

  constructor(definition: AnyDefinition) {
    this.#definition = definition;
  }

  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.#credentials = new Credentials(config);
  }

  async check(olds: Properties, news: Properties): Promise<dynamic.CheckResult> {
    const result = validateInputs(this.#definition, news, this.#credentials, olds);
    return { ...result, inputs: shortened(result.inputs) };
  }

  async diff(_id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    const changed = await this.#reporting("compare", olds, async () => this.#changed(olds, whole(news)));
    const replaces = this.#definition.replaceOn.filter((key) => changed.has(key));
    return { changes: changed.size > 0, replaces, deleteBeforeReplace: true };
  }

  async create(given: Properties): Promise<dynamic.CreateResult> {
    return this.#reporting("create", given, async () => {
      const inputs = whole(given);
      const client = this.#connect(inputs);
      await this.#requireVersion(client, inputs);
      const remote = await this.#ensure(client, inputs);
      return { id: this.#definition.id(inputs), outs: this.#state(remote, shortened(inputs), newRevision()) };
    });
  }

  async read(id: string, stored: Properties): Promise<dynamic.ReadResult> {
    return this.#reporting("read", stored, async () => {
      const state = whole(stored);
      const remote = await this.#definition.read(this.#connect(state), state);
      if (remote === undefined) return { id: "" };
      const inputs = this.#inputsOf({
        ...stored,
        ...this.#drift(state, this.#definition.observe(remote, state)),
      });
      return { id, props: this.#state(remote, inputs, state.revision), inputs };
    });
  }

  async update(_id: string, state: Properties, given: Properties): Promise<dynamic.UpdateResult> {
    return this.#reporting("update", given, async () => {
      const inputs = whole(given);
      const client = this.#connect(inputs);
      await this.#requireVersion(client, inputs);
      const remote = await this.#bringTo(client, state, inputs);
      return { outs: this.#state(remote, shortened(inputs), newRevision()) };
    });
  }

  async delete(_id: string, stored: Properties): Promise<void> {
    await this.#reporting("delete", stored, async () => {
      const state = whole(stored);
      await this.#definition.delete(this.#connect(state), state);
    });
  }

  #connect(properties: Properties) {
    return this.#definition.connect(properties, this.#credentials);
  }

  async #requireVersion(client: unknown, inputs: Properties): Promise<void> {
    const { versions } = this.#definition;
    if (versions) await requireVersion(versions, client, inputs);
  }

  /** Updates the object; one that is gone (a server set up anew) is made again. */
  async #bringTo(client: unknown, state: Properties, inputs: Properties): Promise<unknown> {
    try {
      const remote = await this.#definition.update(client, state, inputs, this.#changed(state, inputs));
      this.#verifyStored(remote, inputs);
      return remote;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return this.#ensure(client, inputs);
    }
  }

  /** Creates the object, or goes on with the one that an interrupted run of ours left behind. */
  async #ensure(client: unknown, inputs: Properties): Promise<unknown> {
    const { namesAreUnique = false } = this.#definition;
    for (let attempt = 1; ; attempt++) {
      if (!namesAreUnique) {
        const existing = await this.#converge(client, inputs);
        if (existing !== undefined) return existing;
      }
      try {
        const remote = await this.#definition.create(client, inputs);
        this.#verifyStored(remote, inputs);
        return remote;
      } catch (error) {
        // Refused as a duplicate perhaps, or made although the answer got lost: look what is there.
        const isUnknown = error instanceof OutcomeUnknownError;
        if (!(error instanceof RejectedError || isUnknown)) throw error;
        const found = await this.#converge(client, inputs);
        if (found !== undefined) return found;
        // Not made, it seems. Where it is made after all in this moment, a second one would be refused.
        if (!(isUnknown && namesAreUnique) || attempt === createAttempts) throw error;
      }
    }
  }

  async #converge(client: unknown, inputs: Properties): Promise<unknown> {
    const definition = this.#definition;
    const found = await definition.find(client, inputs);
    if (found === undefined) return undefined;
    if (!found.ours && inputs.adopt !== true) {
      throw new UserError(
        `${found.description} exists already and was not made by this stack. ` +
          "Choose another name, remove it, or set `adopt: true` to bring it under this stack.",
      );
    }
    const observed = definition.observe(found.remote, inputs);
    const current = { ...inputs, ...observed, ...definition.outputs(found.remote, inputs) };
    const changed = differences(current, inputs, Object.keys(observed));
    const remote =
      changed.size === 0 ? found.remote : await definition.update(client, current, inputs, changed);
    this.#verifyStored(remote, inputs);
    return remote;
  }

  /** Both servers drop fields they do not know in silence; what was asked for must be what is stored. */
  #verifyStored(remote: unknown, inputs: Properties): void {
    const state = { ...inputs, ...this.#definition.outputs(remote, inputs) };
    const observed = this.#definition.observe(remote, state);
    const lost = [...differences(observed, inputs, Object.keys(observed))].filter(
      (key) => inputs[key] !== undefined,
    );
    if (lost.length > 0) {
      throw new UserError(
        `the server accepted the request but did not store ${lost.map((key) => `\`${key}\``).join(", ")} as given. ` +
          "Its version may lack the option: remove it or upgrade the server.",
      );
    }
  }

  /** What differs from the state; an input that an older version did not record is no drift while it has its default. */
  #drift(state: Properties, observed: Properties): Properties {
    const known = withDefaults(this.#definition.inputs, state);
    const changed = differences(known, observed, Object.keys(observed));
    return Object.fromEntries(Object.entries(observed).filter(([key]) => changed.has(key)));
  }

  #state(remote: unknown, inputs: Properties, revision: unknown): Properties {
    return { ...this.#inputsOf(inputs), ...this.#definition.outputs(remote, inputs), revision };
  }

  #inputsOf(properties: Properties): Properties {
    return Object.fromEntries(
      Object.keys(this.#definition.inputs.shape)
        .filter((key) => properties[key] !== undefined)
        .map((key) => [key, properties[key]]),
    );
  }

  #changed(olds: Properties, news: Properties): Set<string> {
    const keys = Object.keys(this.#definition.inputs.shape).filter((key) => key !== "adopt");
    const before = withDefaults(this.#definition.inputs, shortened(olds));
    const changed = differences(before, shortened(news), keys);
    for (const key of keys) if (hasUnknown(news[key])) changed.add(key);
    for (const key of this.#definition.stale?.(olds, news, this.#credentials) ?? []) changed.add(key);
    return changed;
  }

  async #reporting<T>(verb: string, properties: Properties, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const definition = this.#definition;
      const secrets = [
        ...this.#credentials.used,
        ...definition.secrets.map((key: string) => properties[key]),
      ];
      const message = `Unable to ${verb} the ${definition.title} "${definition.id(properties)}": ${messageOf(error)}`;
      if (error instanceof UserError) throw new UserError(redact(message, secrets));
      const stack = error instanceof Error ? (error.stack ?? "") : "";
      throw new Error(redact(`${message}\nThis is a bug in proxmox-authentik-sso. ${stack}`, secrets));
    }
  }
}

/** Changes with every write, so that what rests on the object can tell. */
function newRevision(): string {
  return new Date().toISOString();
}
