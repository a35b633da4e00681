import type { dynamic } from "@pulumi/pulumi";
import { compactCertificates, expandCertificates } from "./certificates";
import { changedInputs, driftOf } from "./changes";
import { type Claims, claimsOfThisRun } from "./claims";
import { Convergence } from "./convergence";
import { Credentials } from "./credentials";
import type { AnyDefinition } from "./definition";
import { messageOf, UserError } from "./errors";
import { nothingToOwn } from "./ownership";
import { redact } from "./redact";
import { hasUnknown } from "./unknown";
import { validateInputs } from "./validate";
import { requireVersion } from "./versions";

type Properties = Record<string, unknown>;

/** Runs a definition as a Pulumi dynamic provider in the plugin's process. */
export class DefinedProvider implements dynamic.ResourceProvider {
  readonly #definition: AnyDefinition;
  readonly #claims: Claims;
  #credentials = new Credentials({ get: () => undefined });

  /** @param claims the program's declarations, shared by all providers of a process */
  constructor(definition: AnyDefinition, claims = claimsOfThisRun) {
    this.#definition = definition;
    this.#claims = claims;
  }

  get type(): string {
    return this.#definition.type;
  }

  async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.#credentials = new Credentials(config);
  }

  async check(olds: Properties, news: Properties): Promise<dynamic.CheckResult> {
    const result = await validateInputs(this.#definition, news, this.#credentials, olds);
    if (!result.failures?.length) this.#claims.declare(this.#nameOf(result.inputs));
    return { ...result, inputs: compactCertificates(result.inputs) };
  }

  async diff(_id: string, olds: Properties, news: Properties): Promise<dynamic.DiffResult> {
    const changed = await this.#reporting("compare", olds, () =>
      this.#compared(olds, expandCertificates(news)),
    );
    const replaces = this.#definition.replaceOn.filter((key) => changed.has(key));
    if (replaces.length === 0) this.#hold(olds, news);
    return { changes: changed.size > 0, replaces, deleteBeforeReplace: true };
  }

  async #compared(olds: Properties, news: Properties): Promise<ReadonlySet<string>> {
    const changed = this.#changed(olds, news);
    const { followed } = this.#definition;
    // The engine compares for a preview too. Only the program knows which one it is.
    if (followed === undefined || news[followed.duringUp] !== true || changed.size > 0) return changed;
    return (await followed.isCurrent(this.#connect(news), olds)) ? changed : new Set([followed.duringUp]);
  }

  async create(given: Properties): Promise<dynamic.CreateResult> {
    return this.#reporting("create", given, async () => {
      const inputs = expandCertificates(given);
      const client = this.#connect(inputs);
      await this.#requireVersion(client, inputs);
      const remote = await new Convergence(this.#definition, client).ensure(inputs, this.#mustStay(inputs));
      return { id: this.#definition.id(inputs), outs: this.#written(remote, inputs) };
    });
  }

  async read(id: string, stored: Properties): Promise<dynamic.ReadResult> {
    return this.#reporting("read", stored, async () => {
      const state = expandCertificates(stored);
      const remote = await new Convergence(this.#definition, this.#connect(state)).recognise(state);
      if (remote === undefined) return { id: "" };
      const inputs = this.#inputsOf({
        ...stored,
        ...driftOf(this.#definition, state, this.#definition.observe(remote, state)),
      });
      return { id, props: this.#state(remote, inputs, state.revision), inputs };
    });
  }

  async update(_id: string, state: Properties, given: Properties): Promise<dynamic.UpdateResult> {
    return this.#reporting("update", given, async () => {
      const inputs = expandCertificates(given);
      const client = this.#connect(inputs);
      await this.#requireVersion(client, inputs);
      const remote = await new Convergence(this.#definition, client).bringTo(
        state,
        inputs,
        this.#changed(state, inputs),
        this.#mustStay(state),
      );
      return { outs: this.#written(remote, inputs) };
    });
  }

  async delete(_id: string, stored: Properties): Promise<void> {
    await this.#reporting("delete", stored, async () => {
      const state = expandCertificates(stored);
      this.#release(state);
      if (this.#definition.staysWhileDeclared && this.#claims.isDeclared(this.#nameOf(state))) return;
      const convergence = new Convergence(this.#definition, this.#connect(state));
      await convergence.remove(state, this.#mustStay(state));
    });
  }

  #connect(properties: Properties) {
    return this.#definition.connect(properties, this.#credentials);
  }

  async #requireVersion(client: unknown, inputs: Properties): Promise<void> {
    const { versions } = this.#definition;
    if (versions) await requireVersion(versions, client, inputs);
  }

  #nameOf(properties: Properties): string {
    return `${this.#definition.type} ${this.#definition.id(properties)}`;
  }

  /** Holds the keys that the inputs still declare: another resource may take the others over. */
  #hold(state: Properties, inputs: Properties = state): void {
    const { ownership } = this.#definition;
    if (ownership === nothingToOwn) return;
    const declared = hasUnknown(inputs) ? state : { ...state, ...inputs };
    const keys = new Set(ownership.keys(declared));
    this.#claims.hold(
      ownership.keys(state).filter((key) => keys.has(key)),
      state.revision,
    );
  }

  #release(state: Properties): void {
    const { ownership } = this.#definition;
    if (ownership !== nothingToOwn) this.#claims.release(ownership.keys(state), state.revision);
  }

  /** The object's keys that other resources of the program hold. */
  #mustStay(state: Properties): (key: string) => boolean {
    return (key) => this.#claims.isHeldByAnother(key, state.revision);
  }

  /** The state after a write. */
  #written(remote: unknown, inputs: Properties): Properties {
    const state = this.#state(remote, compactCertificates(inputs), newRevision());
    this.#hold(state);
    return state;
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
    return changedInputs(this.#definition, olds, news, this.#credentials);
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

let lastWrite = 0;

/** A new value for every write, so dependent resources notice the change. Later values are greater. */
function newRevision(): string {
  lastWrite = Math.max(Date.now(), lastWrite + 1);
  return new Date(lastWrite).toISOString();
}
