import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { Terminal, type TerminalOptions } from "../../cli/init/ask";

/** The keys that a person types for a question, followed by Enter. */
export type Script = [question: RegExp, keys: string][];

export const down = "\x1b[B";

/** Clears an answer or suggestion in the input. */
export const clear = "\x15";

/** A terminal with a person who answers in the order of a script. */
export function terminalWith(
  script: Script,
  options: TerminalOptions = {},
): { terminal: Terminal; assertAllAsked(): void; printed(): string } {
  const left = [...script];
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  let all = "";
  output.on("data", (chunk: Buffer) => {
    const text = stripVTControlCharacters(chunk.toString());
    shown += text;
    all += text;
    const [next] = left;
    if (next === undefined || !next[0].test(shown)) return;
    left.shift();
    shown = "";
    setImmediate(() => input.write(`${next[1]}\r`));
  });
  return {
    terminal: new Terminal({ input, output, ...options }),
    assertAllAsked: () => assert.deepEqual(left, [], shown),
    printed: () => all,
  };
}
