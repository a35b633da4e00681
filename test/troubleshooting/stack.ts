import type { InProcessEngine } from "../faults/engine";
import type { Lab } from "./lab";

type Values = Record<string, string>;

/** A stack of a person who meets a fault, and applies the advice. */
export class Stack {
  #said: string[] = [];
  /** The message of the last failure. */
  failed = "";

  constructor(
    readonly lab: Lab,
    readonly engine: InProcessEngine,
  ) {}

  /** Sets config values. Empty text removes a key. */
  set(plain: Values, secret: Values = {}): void {
    this.engine.configure({ plain, secret });
  }

  async up(): Promise<Error | undefined> {
    return this.#listening(() => this.engine.up());
  }

  async destroy(): Promise<Error | undefined> {
    return this.#listening(() => this.engine.destroy());
  }

  async refresh(): Promise<Error | undefined> {
    return this.#listening(() => this.engine.refresh());
  }

  /** What the last run printed, and the result of the proof. */
  get said(): string {
    return [...this.#said, this.engine.state.get("sso-proof")?.outs.summary ?? ""].join("\n");
  }

  async #listening(run: () => Promise<Error | undefined>): Promise<Error | undefined> {
    this.#said = [];
    const print = console.log;
    console.log = (text: unknown) => this.#said.push(String(text));
    try {
      const failure = await run();
      if (failure) this.failed = failure.message;
      return failure;
    } finally {
      console.log = print;
    }
  }
}
