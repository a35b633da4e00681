import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { Terminal, type TerminalOptions } from "../../cli/init/ask";

/** What a person types when a question appears; Enter comes after it. */
export type Script = [question: RegExp, keys: string][];

export const down = "\x1b[B";

/** What a question that has an answer already, or a suggestion, is emptied with. */
export const clear = "\x15";

/** A terminal whose person answers by a script, in its order. */
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
