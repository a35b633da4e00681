/** The answers of a person, a flag or an earlier attempt, in the order of the questions. */
export interface Answer {
  /** The question's flag, or its text. */
  readonly to: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** The person wants to answer the previous question again. */
export class Back extends Error {}

/** Answers to repeat without asking: those before a step back, and those of a stopped run. */
export class Answers {
  #given: Answer[] = [];
  #known: Answer[];

  constructor(known: readonly Answer[] = []) {
    this.#known = [...known];
  }

  /** The next known answer, if it belongs to this question. An answer to another question discards the rest. */
  next(to: string): string | undefined {
    const [known] = this.#known;
    if (known === undefined) return undefined;
    if (known.to !== to) {
      // Secrets are not stored. They are asked for again, and the other answers remain.
      if (this.#known.some((later) => later.to === to)) this.#known = [];
      return undefined;
    }
    this.#known.shift();
    return known.value;
  }

  /** The known answers are no longer valid. */
  forget(): void {
    this.#known = [];
  }

  add(answer: Answer): void {
    this.#given.push(answer);
  }

  /** Repeats the answers from the first question to the one before the last. */
  stepBack(): void {
    this.#known = this.#given.slice(0, -1);
    this.#given = [];
  }

  /** Answers for a file, without secrets. A second stop keeps those that no question has asked for yet. */
  get toKeep(): Answer[] {
    return [...this.#given, ...this.#known].filter(({ isSecret }) => !isSecret);
  }
}
