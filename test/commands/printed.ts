import { mock } from "node:test";

/** Runs a command in this process. Returns its exit code and output. */
export async function printedBy(command: () => Promise<number>): Promise<{ code: number; output: string }> {
  const lines: string[] = [];
  const print = (line = "") => lines.push(line);
  const mocks = [mock.method(console, "log", print), mock.method(console, "error", print)];
  try {
    return { code: await command(), output: lines.join("\n") };
  } finally {
    for (const { mock: replaced } of mocks) replaced.restore();
  }
}
