import type { DefinedProvider } from "../../providers/core/provider";
import type { Registration } from "./monitor";

/** A resource as the engine saves it. */
export interface Saved extends Omit<Registration, "aliases" | "isCustom"> {
  readonly id: string;
  readonly outs: Record<string, unknown>;
  /** Its replacement exists, and it must still be deleted. */
  readonly isCondemned?: true;
}

/** The engine's value for an output that is known only after the run. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The resources of a stack in the order of their dependencies, and the changes of one run. */
export class Plan {
  readonly #seen = new Set<string>();
  /** The resources that this run deletes. */
  readonly deletions = new Set<string>();
  #kept = 0;
  #renamed = new Map<string, string>();

  constructor(public state: Saved[]) {}

  /** The resource in the state for this one, by its URN or an alias. */
  take({ urn, aliases }: Registration): Saved | undefined {
    this.#seen.add(urn);
    const old = [urn, ...aliases]
      .map((known) => this.state.find((one) => one.urn === known && !one.isCondemned))
      .find((one) => one !== undefined);
    if (old === undefined || old.urn === urn) return old;
    this.#renamed.set(old.urn, urn);
    const renamed = { ...old, urn };
    this.state = this.state.map((one) => (one === old ? renamed : one));
    return renamed;
  }

  /** Declared resources come first, in the program's order, which is that of their dependencies. */
  keep(saved: Saved): void {
    this.state = this.state.filter(({ urn, isCondemned }) => urn !== saved.urn || isCondemned);
    this.state = this.state.toSpliced(this.#kept++, 0, saved);
  }

  set(saved: Saved): void {
    const index = this.state.findIndex(({ urn, isCondemned }) => urn === saved.urn && !isCondemned);
    if (index < 0) this.state = [...this.state, saved];
    else this.state = this.state.map((one, position) => (position === index ? saved : one));
  }

  drop(old: Saved): void {
    this.state = this.state.filter(
      ({ urn, isCondemned }) => urn !== old.urn || isCondemned !== old.isCondemned,
    );
  }

  condemn(old: Saved): void {
    this.drop(old);
    this.state = [...this.state, { ...old, isCondemned: true }];
  }

  /** Resources that the program no longer declares, and replaced ones: the last of a chain first. */
  left(): Saved[] {
    return this.state.filter(({ urn, isCondemned }) => isCondemned || !this.#seen.has(urn)).reverse();
  }

  goesWithAnother({ deletedWith }: Saved): boolean {
    return deletedWith !== "" && this.deletions.has(this.#renamed.get(deletedWith) ?? deletedWith);
  }

  /**
   * The resources that are deleted before an object that is deleted before its replacement, because a change
   * of its outputs replaces them too (pulumi/pkg/resource/deploy/step_generator.go,
   * `calculateDependentReplacements`).
   */
  async replacedWith(root: Saved, providerOf: (one: Saved) => Promise<DefinedProvider>): Promise<Saved[]> {
    const replaced = new Set([root.urn]);
    const found: Saved[] = [];
    for (const one of this.state.slice(this.state.indexOf(root) + 1)) {
      const unknown = Object.entries(one.inputDependencies).filter(([, urns]) =>
        urns.some((urn) => replaced.has(this.#renamed.get(urn) ?? urn)),
      );
      if (unknown.length === 0 || one.isCondemned) continue;
      const inputs = { ...one.inputs, ...Object.fromEntries(unknown.map(([key]) => [key, unknownValue])) };
      const { replaces = [] } = await (await providerOf(one)).diff(one.id, one.outs, inputs);
      if (replaces.length === 0) continue;
      replaced.add(one.urn);
      found.unshift(one);
    }
    return found;
  }
}
