import assert from "node:assert/strict";
import type { DefinedProvider } from "../../providers/core/provider";
import { inNextRun, type Properties } from "./simulators";

/** One object from creation to deletion, step by step as the engine calls them. */
export class Life {
  readonly #provider: DefinedProvider;
  #id = "";
  state: Properties = {};

  constructor(provider: DefinedProvider) {
    this.#provider = provider;
  }

  isOf(kind: string): boolean {
    return this.#provider.type.endsWith(`:${kind}`);
  }

  /** The same object with another provider, for example with other credentials. */
  by(provider: DefinedProvider): Life {
    const life = new Life(provider);
    life.#id = this.#id;
    life.state = this.state;
    return life;
  }

  async check(given: Properties): Promise<Properties> {
    const { inputs, failures } = await this.#provider.check({}, given);
    assert.deepEqual(failures, []);
    return inputs;
  }

  async create(given: Properties): Promise<void> {
    const { id, outs } = await this.#provider.create(await this.check(given));
    this.#id = id;
    this.state = outs ?? {};
  }

  /** Like an `up` of another stack, or of this one after a run that was killed before the state had the object. */
  async createAgain(given: Properties): Promise<void> {
    const nextRun = this.by(await inNextRun(this.#provider));
    await nextRun.create(given);
    this.state = nextRun.state;
  }

  async preview(given: Properties): Promise<"nothing" | "update" | "replace"> {
    const { changes, replaces = [] } = await this.#provider.diff(
      this.#id,
      this.state,
      await this.check(given),
    );
    if (replaces.length > 0) return "replace";
    return changes ? "update" : "nothing";
  }

  async update(given: Properties): Promise<void> {
    const { outs } = await this.#provider.update(this.#id, this.state, await this.check(given));
    this.state = outs ?? {};
  }

  /** Like an `up` after a run that was killed when the server had its write, and the state did not. */
  async updateAgain(given: Properties): Promise<void> {
    const { state } = this;
    await this.update(given);
    const nextRun = this.by(await inNextRun(this.#provider));
    nextRun.state = state;
    await nextRun.update(given);
    this.state = nextRun.state;
  }

  /** The inputs as the server returns them. */
  async refresh(): Promise<Properties> {
    const { id, props, inputs } = await this.#provider.read(this.#id, this.state);
    assert.equal(id, this.#id, "the object is gone");
    this.state = props ?? {};
    return inputs ?? {};
  }

  /** Like a destroy. */
  async delete(): Promise<void> {
    await (await inNextRun(this.#provider)).delete(this.#id, this.state);
  }

  /** Like an `up` that replaces the resource. */
  async replace(given: Properties): Promise<void> {
    const inputs = await this.check(given);
    await this.#provider.delete(this.#id, this.state);
    const { id, outs } = await this.#provider.create(inputs);
    this.#id = id;
    this.state = outs ?? {};
  }
}
