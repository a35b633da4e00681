/** The groups of authentik in which the proof's user must be, and no others. */
export interface Membership {
  /** Actions with the same key can run at the same time. */
  readonly key: string;
  readonly group?: string;
}

export const inNoGroup: Membership = { key: "" };

/** A closing group admits its members to one application, and gives them nothing else. */
export function inClosingGroup(group: string): Membership {
  return { key: "closing", group };
}

/** The same group may have other roles in another application, so nothing of another application runs meanwhile. */
export function inDeclaredGroup(group: string): Membership {
  return { key: group, group };
}

interface Waiting {
  readonly needed: Membership;
  begin(): void;
  fail(error: unknown): void;
}

/** Lets proofs of several applications share a user: each action runs while the user is in the groups that it needs. */
export class Memberships {
  readonly #join: (groups: readonly string[]) => Promise<void>;
  /** Undefined after a failed change. */
  #key: string | undefined = inNoGroup.key;
  #groups: readonly string[] = [];
  #waiting: Waiting[] = [];
  #running = 0;
  #isChanging = false;

  /** @param join replaces the groups of the user, who is in none at first */
  constructor(join: (groups: readonly string[]) => Promise<void>) {
    this.#join = join;
  }

  async whileIn<Result>(needed: Membership, action: () => Promise<Result>): Promise<Result> {
    const turn = new Promise<void>((begin, fail) => this.#waiting.push({ needed, begin, fail }));
    this.#next();
    await turn;
    try {
      return await action();
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  #next(): void {
    if (this.#isChanging) return;
    for (const { begin } of this.#take((needed) => this.#isIn(needed))) {
      this.#running += 1;
      begin();
    }
    const [first] = this.#waiting;
    if (this.#running > 0 || first === undefined) return;
    // What needs no group goes first, so that the actions after it run together.
    const isFree = this.#waiting.some(({ needed }) => needed.key === inNoGroup.key);
    this.#isChanging = true;
    void this.#change(isFree ? inNoGroup.key : first.needed.key);
  }

  async #change(key: string): Promise<void> {
    const chosen = this.#waiting.filter(({ needed }) => needed.key === key);
    const groups = [...new Set(chosen.flatMap(({ needed }) => needed.group ?? []))];
    try {
      await this.#join(groups);
      this.#key = key;
      this.#groups = groups;
    } catch (error) {
      this.#key = undefined;
      for (const { fail } of this.#take((needed) => needed.key === key)) fail(error);
    }
    this.#isChanging = false;
    this.#next();
  }

  #isIn({ key, group }: Membership): boolean {
    return key === this.#key && (group === undefined || this.#groups.includes(group));
  }

  #take(isWanted: (needed: Membership) => boolean): Waiting[] {
    const taken = this.#waiting.filter(({ needed }) => isWanted(needed));
    this.#waiting = this.#waiting.filter(({ needed }) => !isWanted(needed));
    return taken;
  }
}
