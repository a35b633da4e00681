import { connect } from "node:net";
import { stopRequests } from "../http/stop";

/** How often the plugin looks whether its engine still lives, in milliseconds. */
const lookEvery = 1000;

let isPrepared = false;

/** For a process that is this package's own, started by `plugin.cjs`. */
export function prepareOwnPlugin(): void {
  if (isPrepared) return;
  isPrepared = true;
  printOnlyTheUnexpected();
  endWithTheEngine();
}

/** Pulumi prints what check, diff, read and delete throw, and the engine reports it with the resource as well. */
function printOnlyTheUnexpected(): void {
  const print = console.error;
  console.error = (...values: unknown[]) => {
    if (!String(values[0]).startsWith("UserError: ")) print(...values);
  };
}

/**
 * When the CLI is killed, Pulumi leaves this process behind: it would go on writing to the servers beside the next run,
 * and would report each line that nobody takes any more as an error, without end and at full load.
 */
function endWithTheEngine(): void {
  const end = () => process.exit(1);
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  onceTheEngineIsGone(end);
}

/** For a process in which other resources may run too: only this package's requests end with the engine. */
export function stopWithTheEngine(): void {
  if (isPrepared) return;
  isPrepared = true;
  onceTheEngineIsGone(() => {
    stopRequests();
    // Pulumi prints the failures that follow, to nobody. An error of that would be printed as well, without end.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  });
}

/** Pulumi's own launcher is a shell between the engine and this process: the parent process says nothing. */
function onceTheEngineIsGone(act: () => void): void {
  const [, , engine = ""] = process.argv;
  const [, host, port] = /^(.+):(\d+)$/.exec(engine) ?? [];
  if (port === undefined) return;
  const timer = setInterval(() => {
    const socket = connect({ host: host?.replace(/[[\]]/g, ""), port: Number(port) }, () => socket.destroy());
    socket.once("error", () => {
      clearInterval(timer);
      act();
    });
    socket.unref();
  }, lookEvery).unref();
}
