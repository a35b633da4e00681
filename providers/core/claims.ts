/**
 * The objects that the program of this run declares. At the end of an `up` the engine deletes each resource that
 * the program no longer names. An object may live on under another resource name: a renamed cluster, group or
 * component. Such an object must stay, so each delete asks here first.
 *
 * The engine runs `check` and `diff` or `create` for every declared resource first, and deletes other resources
 * last. This also holds for a run after a killed one. One process serves the resources of a stack, so this memory
 * is complete.
 */
export class Claims {
  readonly #revisions = new Map<string, unknown>();
  readonly #declared = new Set<string>();

  /**
   * Records that a resource of the program manages the object. The revision identifies the resource. If two have it, because it
   * moves from one to the other, the later write holds it.
   */
  hold(keys: readonly string[], revision: unknown): void {
    for (const key of keys) {
      if (!(String(this.#revisions.get(key) ?? "") > String(revision))) this.#revisions.set(key, revision);
    }
  }

  /** Records that the resource with this revision is deleted, in a replacement. */
  release(keys: readonly string[], revision: unknown): void {
    for (const key of keys) {
      if (this.#revisions.get(key) === revision) this.#revisions.delete(key);
    }
  }

  isHeldByAnother(key: string, revision: unknown): boolean {
    return this.#revisions.has(key) && this.#revisions.get(key) !== revision;
  }

  /** Records that the program declares a resource of this type and id. */
  declare(resource: string): void {
    this.#declared.add(resource);
  }

  isDeclared(resource: string): boolean {
    return this.#declared.has(resource);
  }
}

/** The claims of this process. The plugin's process lives for one command. */
export const claimsOfThisRun = new Claims();
