import { connect } from "node:net";

/** How often the plugin looks whether its engine still lives, in milliseconds. */
const lookEvery = 1000;

let isPrepared = false;

/** What Pulumi's process for dynamic resources needs before it runs ours. */
export function preparePlugin(): void {
  if (isPrepared) return;
  isPrepared = true;
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
function endWithTheEngine([, , engine = ""] = process.argv): void {
  const end = () => process.exit(1);
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  // Pulumi's own launcher is a shell that stays between the engine and this process, so that the parent tells nothing.
  const [, host, port] = /^(.+):(\d+)$/.exec(engine) ?? [];
  if (port === undefined) return;
  setInterval(() => {
    const socket = connect({ host: host?.replace(/[[\]]/g, ""), port: Number(port) }, () => socket.destroy());
    socket.once("error", end);
  }, lookEvery).unref();
}
