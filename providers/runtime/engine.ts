import { connect } from "node:net";
import { stopRequests } from "../http/stop";

/** Interval in milliseconds at which the plugin checks that its engine is alive. */
const lookEvery = 1000;

let isPrepared = false;

/** For a process that `plugin.cjs` started. It runs only this package's resources. */
export function prepareOwnPlugin(): void {
  if (isPrepared) return;
  isPrepared = true;
  printOnlyTheUnexpected();
  endWithTheEngine();
}

/** Pulumi prints errors of check, diff, read and delete, and the engine reports them again with the resource. */
function printOnlyTheUnexpected(): void {
  const print = console.error;
  console.error = (...values: unknown[]) => {
    if (!String(values[0]).startsWith("UserError: ")) print(...values);
  };
}

/**
 * If the CLI is killed, Pulumi does not end this process. It would continue to write to the servers during the next
 * run. Each failed write to the closed output would also cause another error, in an endless loop.
 */
function endWithTheEngine(): void {
  const end = () => process.exit(1);
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  onceTheEngineIsGone(end);
}

/** For a process that may also run other packages' resources. Without the engine, only this package's requests stop. */
export function stopWithTheEngine(): void {
  if (isPrepared) return;
  isPrepared = true;
  onceTheEngineIsGone(() => {
    stopRequests();
    // Pulumi prints later failures to a closed output. Reporting the error of that output would loop forever.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  });
}

/**
 * Pulumi's own launcher is a shell between the engine and this process. The parent's id therefore does not show
 * whether the engine runs.
 */
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
