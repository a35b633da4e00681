import { differences } from "./compare";
import type { AnyDefinition } from "./definition";
import { NotFoundError, OutcomeUnknownError, RejectedError, UserError } from "./errors";
import { nothingToOwn, type Place, serverOf } from "./ownership";

type Properties = Record<string, unknown>;
type Kept = Place<unknown>["isKept"];

const createAttempts = 3;
const usualAdvice =
  "Choose another name, remove it, or set `adopt: true` to bring it under this stack. " +
  "If you renamed a cluster or component of this stack, go back to the old name instead.";

/** Brings one object on its server to what is declared, and touches no object that is not proved to be ours. */
export class Convergence {
  readonly #definition: AnyDefinition;
  readonly #client: unknown;

  constructor(definition: AnyDefinition, client: unknown) {
    this.#definition = definition;
    this.#client = client;
  }

  /** The object that the state describes. One that is not proved to be it is reported on the console and counts as gone. */
  async recognise(state: Properties, inputs = state): Promise<unknown> {
    const { ownership, title, id } = this.#definition;
    const remote = await this.#definition.read(this.#client, state);
    if (remote === undefined || ownership === nothingToOwn) return remote;
    if (ownership.matches(remote, state, serverOf(state) !== serverOf(inputs))) return remote;
    console.log(
      `Instead of the ${title} "${id(state)}", the server has another one, which this stack did not create. It stays unchanged.`,
    );
    return undefined;
  }

  /** Updates the object. One that is gone, or is another one (a server set up again), is looked for and created. */
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
      if (remote === undefined) return this.ensure(inputs);
    }
    try {
      const updated = await definition.update(this.#client, state, inputs, changed, { remote, isKept });
      this.#verifyStored(updated, inputs);
      return updated;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return this.ensure(inputs);
    }
  }

  /** Creates the object, or goes on with the one that an interrupted run of ours left behind. */
  async ensure(inputs: Properties): Promise<unknown> {
    const { namesAreUnique = false } = this.#definition;
    for (let attempt = 1; ; attempt++) {
      if (!namesAreUnique) {
        const existing = await this.#converge(inputs);
        if (existing !== undefined) return existing;
      }
      try {
        const remote = await this.#definition.create(this.#client, inputs);
        this.#verifyStored(remote, inputs);
        return remote;
      } catch (error) {
        // Refused as a duplicate perhaps, or created although the answer got lost: look what is there.
        const isUnknown = error instanceof OutcomeUnknownError;
        if (!(error instanceof RejectedError || isUnknown)) throw error;
        const found = await this.#converge(inputs);
        if (found !== undefined) return found;
        // Not created, it seems. If it is created after all in this moment, the server refuses a second one.
        if (!(isUnknown && namesAreUnique) || attempt === createAttempts) throw error;
      }
    }
  }

  /** Removes the object, unless another one is in its place or another stack has taken it over. */
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

  async #converge(inputs: Properties): Promise<unknown> {
    const definition = this.#definition;
    const found = await definition.find(this.#client, inputs);
    if (found === undefined) return undefined;
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

  /** Both servers drop fields they do not know without a word; what was asked for must be what is stored. */
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
