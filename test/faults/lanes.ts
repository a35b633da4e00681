import { fork } from "node:child_process";
import { join } from "node:path";
import type { OtherProduct } from "../../providers/accessControl/products";
import type { Case, Result, Step } from "./cases";

type Requests = Record<Step, string[]>;

/** Runs the cases in parallel processes, each with its own servers. */
export async function inLanes(
  lanes: number,
  product: OtherProduct | undefined,
  casesOf: (requests: Requests) => Case[],
  done: (result: Result, total: number) => void,
): Promise<void> {
  let waiting: Case[] | undefined;
  let total = 0;
  const next = (requests: Requests) => {
    if (waiting === undefined) {
      waiting = casesOf(requests);
      total = waiting.length;
    }
    return waiting.shift();
  };
  await Promise.all(
    Array.from({ length: lanes }, () => runLane(product, next, (result) => done(result, total))),
  );
}

function runLane(
  product: OtherProduct | undefined,
  next: (requests: Requests) => Case | undefined,
  done: (result: Result) => void,
): Promise<void> {
  const lane = fork(join(__dirname, "lane.ts"), [product ?? "ve"], { execArgv: ["--import", "tsx"] });
  return new Promise((resolve, reject) => {
    let requests: Requests;
    lane.on("message", (message: Result | { requests: Requests }) => {
      if ("requests" in message) requests = message.requests;
      else done(message);
      const one = next(requests);
      if (one) return lane.send(one);
      lane.kill();
      return resolve();
    });
    lane.once("exit", (code, signal) => reject(new Error(`A lane ended too early: ${code ?? signal}.`)));
  });
}
