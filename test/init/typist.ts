import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { Terminal } from "../../cli/init/ask";

/** What a person types when a question appears; Enter comes after it. */
export type Script = [question: RegExp, keys: string][];

export const down = "\x1b[B";

/** A terminal whose person answers by a script, in its order. */
export function terminalWith(script: Script): { terminal: Terminal; assertAllAsked(): void } {
  const left = [...script];
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  output.on("data", (chunk: Buffer) => {
    shown += stripVTControlCharacters(chunk.toString());
    const [next] = left;
    if (next === undefined || !next[0].test(shown)) return;
    left.shift();
    shown = "";
    setImmediate(() => input.write(`${next[1]}\r`));
  });
  return {
    terminal: new Terminal({ input, output }),
    assertAllAsked: () => assert.deepEqual(left, [], shown),
  };
}
