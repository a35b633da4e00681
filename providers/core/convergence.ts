import { differences } from "./compare";
import type { AnyDefinition } from "./definition";
import { NotFoundError, OutcomeUnknownError, RejectedError, UserError } from "./errors";
import { nothingToOwn, type Place, serverOf } from "./ownership";

type Properties = Record<string, unknown>;
type Kept = Place<unknown>["isKept"];

const createAttempts = 3;
const usualAdvice =
  "Choose another name, remove it, or set `adopt: true` to take it over. " +
  "If you renamed a cluster or component of this stack, use its old name instead.";

/** Creates, updates and deletes one object on its server. It changes only objects that it recognizes as its own. */
export class Convergence {
  readonly #definition: AnyDefinition;
  readonly #client: unknown;

  constructor(definition: AnyDefinition, client: unknown) {
    this.#definition = definition;
    this.#client = client;
  }

  /**
   * Reads the object in the state. An object that is not recognized is reported on the console and treated as
   * missing.
   */
  async recognise(state: Properties, inputs = state): Promise<unknown> {
    const { ownership, title, id } = this.#definition;
    const remote = await this.#definition.read(this.#client, state);
    if (remote === undefined || ownership === nothingToOwn) return remote;
    if (ownership.matches(remote, state, serverOf(state) !== serverOf(inputs))) return remote;
    console.log(
      `The server has another ${title} "${id(state)}", which this stack did not create. It stays unchanged.`,
    );
    return undefined;
  }

  /**
   * Updates the object. If it is missing or another one, for example after the server was installed again, it is
   * created.
   */
  async bringTo(
    state: Properties,
    inputs: Properties,
    changed: ReadonlySet<string>,
    isKept: Kept,
  ): Promise<unknown> {
    const definition = this.#definition;
    let remote: unknown;
    if (definition.ownership !== nothingToOwn) {
      remote = await this.recognise(state, inputs);
      if (remote === undefined) return this.ensure(inputs, isKept);
    }
    try {
      const updated = await definition.update(this.#client, state, inputs, changed, { remote, isKept });
      this.#verifyStored(updated, inputs);
      return updated;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return this.ensure(inputs, isKept);
    }
  }

  /** Creates the object, or continues with one that an interrupted run created. */
  async ensure(inputs: Properties, isKept: Kept): Promise<unknown> {
    const { namesAreUnique = false } = this.#definition;
    for (let attempt = 1; ; attempt++) {
      if (!namesAreUnique) {
        const existing = await this.#converge(inputs, isKept);
        if (existing !== undefined) return existing;
      }
      try {
        const remote = await this.#definition.create(this.#client, inputs);
        this.#verifyStored(remote, inputs);
        return remote;
      } catch (error) {
        // The server may have refused a duplicate, or the answer to a successful create was lost.
        const isUnknown = error instanceof OutcomeUnknownError;
        if (!(error instanceof RejectedError || isUnknown)) throw error;
        const found = await this.#converge(inputs, isKept);
        if (found !== undefined) return found;
        // The object does not exist. If the first request still succeeds later, the server refuses the second one.
        if (!(isUnknown && namesAreUnique) || attempt === createAttempts) throw error;
      }
    }
  }

  /** Deletes the object, unless it was replaced or another stack has taken it over. */
  async remove(state: Properties, isKept: Kept): Promise<void> {
    const definition = this.#definition;
    const { ownership, title, id } = definition;
    if (ownership === nothingToOwn) {
      await definition.delete(this.#client, state, { remote: undefined, isKept });
      return;
    }
    const keys = ownership.keys(state);
    if (keys.length > 0 && keys.every(isKept)) {
      console.log(`The ${title} "${id(state)}" stays: another resource of this stack has it now.`);
      return;
    }
    const remote = await this.recognise(state);
    if (remote === undefined) return;
    if (ownership.mayDelete?.(remote, state) === false) {
      console.log(`The ${title} "${id(state)}" stays: somebody else has taken it over.`);
      return;
    }
    await definition.delete(this.#client, state, { remote, isKept });
  }

  async #converge(inputs: Properties, isKept: Kept): Promise<unknown> {
    const definition = this.#definition;
    const found = await definition.find(this.#client, inputs);
    if (found === undefined) return undefined;
    if (this.#belongsToAnother(found.remote, inputs, isKept)) {
      throw new UserError(
        `${found.description} belongs to another resource of this stack. If you have just renamed that resource, ` +
          "run pulumi up again. Otherwise choose another name for this one.",
      );
    }
    if (!found.ours && inputs.adopt !== true) {
      throw new UserError(
        `${found.description} exists already and was not made by this stack. ${found.advice ?? usualAdvice}`,
      );
    }
    const observed = definition.observe(found.remote, inputs);
    const current = { ...inputs, ...observed, ...definition.outputs(found.remote, inputs) };
    const changed = differences(current, inputs, Object.keys(observed));
    const place = { remote: found.remote, isKept: () => false };
    const remote =
      changed.size === 0
        ? found.remote
        : await definition.update(this.#client, current, inputs, changed, place);
    this.#verifyStored(remote, inputs);
    return remote;
  }

  #belongsToAnother(remote: unknown, inputs: Properties, isKept: Kept): boolean {
    const { ownership, outputs } = this.#definition;
    if (ownership === nothingToOwn) return false;
    const keys = ownership.keys({ ...inputs, ...outputs(remote, inputs) });
    return keys.length > 0 && keys.every(isKept);
  }

  /** Both servers drop unknown fields silently, so the stored object must match the request. */
  #verifyStored(remote: unknown, inputs: Properties): void {
    const state = { ...inputs, ...this.#definition.outputs(remote, inputs) };
    const observed = this.#definition.observe(remote, state);
    const { oneHolder = [] } = this.#definition;
    const lost = [...differences(observed, inputs, Object.keys(observed))].filter(
      (key) => inputs[key] !== undefined && !oneHolder.includes(key),
    );
    if (lost.length > 0) {
      throw new UserError(
        `the server accepted the request but did not store ${lost.map((key) => `\`${key}\``).join(", ")} as given. ` +
          "Its version may lack the option: remove it or upgrade the server.",
      );
    }
  }
}
