import { fork } from "node:child_process";
import { join } from "node:path";
import { Command } from "commander";
import { type Case, faultOf, type Result, type Step } from "./cases";
import { type CliResult, killPulumi, victims } from "./cli";
import { canMeet, faults, isWrite } from "./faults";

const steps: readonly Step[] = ["up", "change", "destroy"];

/** What a process keeps of servers that have gone adds up, to its 4 GB after a few hundred cases. */
const casesPerProcess = 60;
const reportEvery = 50;
const cliReportEvery = 10;

interface Options {
  lanes: string;
  every: string;
  step?: Step;
  cliEvery: string;
}

async function main(options: Options): Promise<number> {
  const failedHere = await failRequests(options);
  const failedCli = options.step || options.cliEvery === "0" ? 0 : await killCli(Number(options.cliEvery));
  return failedHere + failedCli === 0 ? 0 : 1;
}

/** Every fault at every request of every step, spread over processes; how many cases did not converge. */
async function failRequests({ lanes, every, step }: Options): Promise<number> {
  const results: Result[] = [];
  let cases: Iterator<Case> | undefined;
  const begun = Date.now();
  await Promise.all(
    Array.from({ length: Number(lanes) }, async () => {
      let hasMore = true;
      while (hasMore) {
        hasMore = await runLane(
          (requests) => {
            cases ??= allCases(requests, Number(every), step);
            return cases;
          },
          (result) => {
            results.push(result);
            report(result);
            if (results.length % reportEvery === 0) console.log(`${results.length} cases tried`);
          },
        );
      }
    }),
  );
  const struck = results.filter((result) => result.struck !== undefined);
  console.table(table(struck));
  const failed = struck.filter(({ problems }) => problems.length > 0);
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  console.log(
    `In this process, by the real program and providers: ${struck.length} cases tried in ${minutes} min, ` +
      `${struck.length - failed.length} converged, ${failed.length} did not.`,
  );
  return failed.length;
}

/** The real CLI, killed at every so many-th of its requests in each way. */
async function killCli(every: number): Promise<number> {
  const results: CliResult[] = [];
  for await (const result of killPulumi(every)) {
    results.push(result);
    const { verb, victim, when, request, problems } = result;
    if (problems.length > 0) console.log(`${verb}, ${victim} ${when}, ${request.slice(0, 80)}:`, problems);
    if (results.length % cliReportEvery === 0) console.log(`${results.length} kills of the CLI tried`);
  }
  const failed = results.filter(({ problems }) => problems.length > 0);
  console.table(
    victims.map((killed) => {
      const own = results.filter(({ victim }) => victim === killed);
      return {
        "SIGKILL for": killed,
        cases: own.length,
        "needed pulumi cancel": own.filter(({ cancelled }) => cancelled).length,
        "needed the empty .attrs removed": own.filter(({ needsRepair }) => needsRepair).length,
        "did not converge": own.filter(({ problems }) => problems.length > 0).length,
      };
    }),
  );
  console.log(
    `With the real Pulumi CLI: ${results.length} cases tried, ${results.length - failed.length} converged, ${failed.length} did not.`,
  );
  return failed.length;
}

function* allCases(requests: Record<Step, string[]>, every: number, only?: Step): Generator<Case> {
  let count = 0;
  for (const step of steps.filter((candidate) => !only || candidate === only)) {
    for (const [index, request] of requests[step].entries()) {
      for (const [fault, way] of faults.entries()) {
        if (canMeet(way, request) && count++ % every === 0) yield { step, at: index + 1, fault };
      }
    }
  }
}

/** Runs cases in a process of its own; whether there may be more of them. */
function runLane(
  casesFor: (requests: Record<Step, string[]>) => Iterator<Case>,
  done: (result: Result) => void,
): Promise<boolean> {
  const lane = fork(join(__dirname, "lane.ts"), { execArgv: ["--import", "tsx"] });
  return new Promise((resolve, reject) => {
    let cases: Iterator<Case> | undefined;
    let sent = 0;
    lane.on("message", (message: Result | { requests: Record<Step, string[]> }) => {
      if ("requests" in message) cases = casesFor(message.requests);
      else done(message);
      const isSpent = sent === casesPerProcess;
      const next = isSpent ? undefined : cases?.next();
      if (next?.done === false) {
        sent++;
        lane.send(next.value);
      } else {
        lane.kill();
        resolve(isSpent);
      }
    });
    lane.once("exit", (code, signal) => reject(new Error(`A lane ended too early: ${code ?? signal}.`)));
  });
}

function report(result: Result): void {
  if (result.problems.length === 0) return;
  console.log(
    `${result.step}, request ${result.at} (${result.struck?.slice(0, 80)}): ${faultOf(result).title}`,
  );
  for (const problem of result.problems) console.log(`    ${problem}`);
}

function table(results: readonly Result[]) {
  return faults.map(({ title }, index) => {
    const own = results.filter(({ fault }) => fault === index);
    const converged = own.filter(({ problems }) => problems.length === 0);
    return {
      "one request fails by": title,
      cases: own.length,
      "of these, writes": own.filter(({ struck }) => isWrite(struck?.split(" ")[0] ?? "")).length,
      "went on by itself": converged.filter(({ again }) => !again).length,
      "went on when run again": converged.filter(({ again }) => again).length,
      "did not converge": own.length - converged.length,
    };
  });
}

new Command("faults")
  .description(
    "fail each request of an up, of a change and of a destroy in every way, and see that all come right",
  )
  .option("--lanes <number>", "how many at a time", "4")
  .option("--every <number>", "only every so many-th case", "1")
  .option(
    "--cli-every <number>",
    "only every so many-th kill of the real CLI, which takes 10 s or so; 0 for none",
    "7",
  )
  .option("--step <up|change|destroy>", "only this step")
  .action(async (options: Options) => {
    process.exitCode = await main(options);
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
