/** What a person, a flag or an earlier try has answered, in the order of the questions. */
export interface Answer {
  /** Which question it was: its flag, or what it asked. */
  readonly to: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** The person wants to answer the question before once more. */
export class Back extends Error {}

/** Answers that are given again without asking: those before a step back, and those of a run that was stopped. */
export class Answers {
  #given: Answer[] = [];
  #known: Answer[];

  constructor(known: readonly Answer[] = []) {
    this.#known = [...known];
  }

  /** The next known answer, if it is to this question; an answer to another one ends what is known. */
  next(to: string): string | undefined {
    const [known] = this.#known;
    if (known === undefined) return undefined;
    if (known.to !== to) {
      // A secret is not kept, so that it is asked for and the others go on.
      if (this.#known.some((later) => later.to === to)) this.#known = [];
      return undefined;
    }
    this.#known.shift();
    return known.value;
  }

  /** What was known was no good any more. */
  forget(): void {
    this.#known = [];
  }

  add(answer: Answer): void {
    this.#given.push(answer);
  }

  /** From the first question on, up to the last that was answered. */
  stepBack(): void {
    this.#known = this.#given.slice(0, -1);
    this.#given = [];
  }

  /** For a file: no secret is in it. */
  get toKeep(): Answer[] {
    return this.#given.filter(({ isSecret }) => !isSecret);
  }
}
