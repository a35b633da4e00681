/** How often the plugin looks whether its engine still lives, in milliseconds. */
const lookEvery = 1000;

/** What Pulumi's process for dynamic resources needs before it runs ours. Called once, in that process. */
export function preparePlugin(): void {
  printOnlyTheUnexpected();
  endWithTheEngine();
}

/** Pulumi prints what check, diff, read and delete throw, which the engine reports with the resource anyway. */
function printOnlyTheUnexpected(): void {
  const print = console.error;
  console.error = (...values: unknown[]) => {
    if (!String(values[0]).startsWith("UserError: ")) print(...values);
  };
}

/**
 * When the CLI is killed, Pulumi leaves this process behind: it would go on writing to the servers beside the next run,
 * and a line that nobody takes any more is an error that it prints, for ever, at full load.
 */
function endWithTheEngine(): void {
  const engine = process.ppid;
  const end = () => process.exit(1);
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  setInterval(() => {
    if (process.ppid !== engine || !isRunning(engine)) end();
  }, lookEvery).unref();
}

/** Windows keeps the number of a parent that is gone. */
function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
