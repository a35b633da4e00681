import type { Readable, Writable } from "node:stream";
import * as clack from "@clack/prompts";
import { type Answer, Answers, Back } from "./answers";

/** The run ends, and nothing remains of it. The next run continues with its answers. */
export class Cancelled extends Error {}

type Check = (answer: string) => unknown;

interface Question {
  message: string;
  /** The name of its flag, which scripts use to answer. */
  flag?: string;
  placeholder?: string;
  /** Initial text of the input. */
  suggestion?: string;
  /** Whether the answer can be empty. */
  optional?: boolean;
  /** Throws a message if the answer is invalid. May contact a server. */
  check?: Check;
}

export interface TerminalOptions {
  input?: Readable;
  output?: Writable;
  /** Answers by flag. */
  flags?: Readonly<Record<string, string>>;
  /** Answers of a stopped run. */
  known?: readonly Answer[];
  /** Whether nobody can answer questions. */
  isScript?: boolean;
}

const backKey = "<";

/** Questions in a terminal. Each answer is checked immediately, and `<` returns to the previous question. */
export class Terminal {
  readonly #streams: { input?: Readable; output?: Writable };
  readonly #flags: Readonly<Record<string, string>>;
  /** Those that no question has used. */
  #unused: Set<string>;
  readonly isScript: boolean;
  /** Outside of `ask`, there is no earlier question. */
  #canGoBack = false;
  readonly answers: Answers;

  constructor({ input, output, flags = {}, known = [], isScript = false }: TerminalOptions = {}) {
    this.#streams = { ...(input && { input }), ...(output && { output }) };
    this.#flags = flags;
    this.#unused = new Set(Object.keys(flags));
    this.isScript = isScript;
    this.answers = new Answers(known);
  }

  hasFlag(flag: string): boolean {
    return flag in this.#flags;
  }

  /** The servers or the environment make the question needless, so these flags can stay. */
  skip(...flags: string[]): void {
    for (const flag of flags) this.#unused.delete(flag);
  }

  /** Refuses flags that no question has used, except those of later questions. */
  requireUsed(later: readonly string[]): void {
    const unused = [...this.#unused].filter((flag) => !later.includes(flag)).map((flag) => `--${flag}`);
    if (unused.length === 0) return;
    throw new Cancelled(
      `No question of this run has the answer ${unused.join(", ")}. Remove it, or change the answer that it belongs to. Nothing was written.`,
    );
  }

  intro(title: string): void {
    clack.intro(title, this.#streams);
  }

  note(text: string, title: string): void {
    clack.note(text, title, this.#streams);
  }

  /** Asks all questions. After a step back, starts again with the earlier answers. */
  async ask<Result>(questions: () => Promise<Result>): Promise<Result> {
    this.#canGoBack = true;
    try {
      return await this.#askUntilDone(questions);
    } finally {
      this.#canGoBack = false;
    }
  }

  async #askUntilDone<Result>(questions: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await questions();
      } catch (error) {
        if (!(error instanceof Back)) throw error;
        this.answers.stepBack();
        this.#unused = new Set(Object.keys(this.#flags));
      }
    }
  }

  text(question: Question): Promise<string> {
    const { message, placeholder, suggestion } = question;
    return this.#answerTo(question, false, () =>
      clack.text({
        message,
        ...(placeholder && { placeholder }),
        ...(suggestion && { initialValue: suggestion }),
        validate: needed(question),
        ...this.#streams,
      }),
    );
  }

  secret(question: Question): Promise<string> {
    const { message } = question;
    return this.#answerTo(question, true, () =>
      clack.password({ message, validate: needed(question), ...this.#streams }),
    );
  }

  async confirm(message: string, initial: boolean, flag?: string): Promise<boolean> {
    const [yes, no] = [{ yes: "Yes" }, { no: "No" }];
    const options = initial ? { ...yes, ...no } : { ...no, ...yes };
    return (await this.choose(message, options, flag === undefined ? {} : { flag })) === "yes";
  }

  /** A script without an answer gets the first option. */
  async choose<Value extends string>(
    message: string,
    options: Record<Value, string>,
    { flag, check: further }: Pick<Question, "flag" | "check"> = {},
  ): Promise<Value> {
    const list = Object.entries<string>(options).map(([value, label]) => ({ value, label }));
    const check = (answer: string) => {
      if (list.some(({ value }) => value === answer)) return further?.(answer);
      throw new Error(`"${answer}" is not one of ${list.map(({ value }) => value).join(", ")}.`);
    };
    const [first] = list;
    const question = { message, check, suggestion: first?.value ?? "", ...(flag && { flag }) };
    const answer = await this.#answerTo(question, false, () =>
      clack.select({
        message,
        options: this.#canGoBack ? [...list, { value: backKey, label: "(go back)" }] : list,
        ...this.#streams,
      }),
    );
    const found = Object.keys(options).find((key): key is Value => key === answer);
    if (found === undefined) throw new Cancelled();
    return found;
  }

  async #answerTo(
    question: Question,
    isSecret: boolean,
    prompt: () => Promise<string | symbol>,
  ): Promise<string> {
    const { flag, message, check, optional } = question;
    const to = flag ?? message;
    const known = this.#flagged(question) ?? this.answers.next(to);
    let wrong = known === undefined ? undefined : await mistakeIn(known, check, optional);
    if (known !== undefined && wrong === undefined) return this.#taken(to, known, isSecret);
    if (flag !== undefined && flag in this.#flags) throw new Error(`--${flag}: ${wrong}`);
    // A stopped run keeps no secrets. The answers after them remain.
    if (!isSecret || wrong !== undefined) this.answers.forget();
    for (;;) {
      if (wrong !== undefined) clack.log.error(wrong, this.#streams);
      const typed = given(await prompt());
      // A password may begin or end with a space.
      const answer = isSecret ? typed : typed.trim();
      if (answer === backKey && this.#canGoBack) throw new Back();
      wrong = await mistakeIn(answer, check, optional);
      if (wrong === undefined) return this.#taken(to, answer, isSecret);
    }
  }

  #flagged({ flag, suggestion, optional, message }: Question): string | undefined {
    const value = flag === undefined ? undefined : this.#flags[flag];
    if (flag !== undefined) this.skip(flag);
    if (value !== undefined || !this.isScript) return value;
    if (suggestion !== undefined || optional) return suggestion ?? "";
    throw new Error(`${message} Nobody is here to ask${flag ? `: answer it by --${flag}` : ""}.`);
  }

  #taken(to: string, value: string, isSecret: boolean): string {
    this.answers.add({ to, value, isSecret });
    return value;
  }
}

function given(answer: string | symbol): string {
  if (typeof answer === "symbol") throw new Cancelled();
  return answer;
}

/** Checks without a server, because clack validates at each key and cannot wait. */
function needed({ optional }: Question) {
  return (typed = ""): string | undefined =>
    typed.trim() === "" && !optional ? "This is needed." : undefined;
}

async function mistakeIn(
  answer: string,
  check: Check | undefined,
  optional = false,
): Promise<string | undefined> {
  if (answer === "") return optional ? undefined : "This is needed.";
  try {
    await check?.(answer);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
