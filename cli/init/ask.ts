import type { Readable, Writable } from "node:stream";
import * as clack from "@clack/prompts";

/** The person at the terminal has given up; nothing has been written. */
export class Cancelled extends Error {}

interface Question {
  message: string;
  placeholder?: string;
  /** May be left empty. */
  optional?: boolean;
  /** Throws, with a message for people, where the answer is no good. */
  check?: (answer: string) => unknown;
}

/** Questions on a terminal. */
export class Terminal {
  readonly #streams: { input?: Readable; output?: Writable };

  constructor(streams: { input?: Readable; output?: Writable } = {}) {
    this.#streams = streams;
  }

  intro(title: string): void {
    clack.intro(title, this.#streams);
  }

  note(text: string, title: string): void {
    clack.note(text, title, this.#streams);
  }

  async text(question: Question): Promise<string> {
    const { message, placeholder } = question;
    const answer = await clack.text({
      message,
      ...(placeholder && { placeholder }),
      validate: validator(question),
      ...this.#streams,
    });
    return given(answer).trim();
  }

  async secret(question: Question): Promise<string> {
    const { message } = question;
    return given(await clack.password({ message, validate: validator(question), ...this.#streams })).trim();
  }

  async confirm(message: string, initialValue: boolean): Promise<boolean> {
    return given(await clack.confirm({ message, initialValue, ...this.#streams }));
  }

  async choose<Value extends string>(message: string, options: Record<Value, string>): Promise<Value> {
    const list = Object.entries<string>(options).map(([value, label]) => ({ value, label }));
    const answer = given(await clack.select({ message, options: list, ...this.#streams }));
    const found = Object.keys(options).find((key): key is Value => key === answer);
    if (found === undefined) throw new Cancelled();
    return found;
  }
}

function given<Value>(answer: Value | typeof clack.CANCEL_SYMBOL): Value {
  if (clack.isCancel(answer)) throw new Cancelled();
  return answer;
}

function validator({ optional, check }: Question) {
  return (typed = ""): string | undefined => {
    const answer = typed.trim();
    if (answer === "") return optional ? undefined : "This is needed.";
    try {
      check?.(answer);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}
