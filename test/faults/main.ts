import { availableParallelism } from "node:os";
import { Command } from "commander";
import { setup } from "../../cli/commands/setup";
import { type OtherProduct, otherProducts, productNames } from "../../providers/accessControl/products";
import { tryOwnership } from "../ownership/main";
import { type Case, faultOf, type Result, type Step } from "./cases";
import { type CliResult, killPulumi, victims } from "./cli";
import { type DockerResult, killOnDocker } from "./docker";
import { canMeet, faults, isWrite } from "./faults";
import { inLanes } from "./lanes";
import { killOnSwarm } from "./swarm";

const steps: readonly Step[] = ["up", "change", "destroy"];

const reportEvery = 50;
const cliReportEvery = 10;
/** Most of a case's time is pauses before retries and waits for answers. */
const lanesPerCore = 3;

interface Options {
  lanes: string;
  every: string;
  step?: Step;
  product?: string;
  cliEvery: string;
  dockerEvery: string;
  swarmEvery: string;
  sequences: string;
  seed: string;
}

async function main(options: Options): Promise<number> {
  const products = productNames.filter((name) => (options.product ?? name) === name);
  let failedHere = 0;
  if (options.every !== "0")
    for (const product of products) failedHere += await failRequests(options, product);
  const isPart = options.step !== undefined || options.product !== undefined;
  const failedCli = isPart || options.cliEvery === "0" ? 0 : await killCli(Number(options.cliEvery));
  const failedDocker =
    isPart || options.dockerEvery === "0"
      ? 0
      : await killWhileDockerWorks("Docker", (report) => killOnDocker(Number(options.dockerEvery), report));
  const swarmEvery = Number(options.swarmEvery);
  const failedSwarm =
    isPart || swarmEvery === 0
      ? 0
      : await killWhileDockerWorks("a swarm", (report) =>
          killOnSwarm((_, index) => index % swarmEvery === 0, report),
        );
  const { sequences, seed } = options;
  const failedOwnership =
    isPart || sequences === "0" ? 0 : await tryOwnership({ sequences, seed, minutes: "600" });
  return failedHere + failedCli + failedDocker + failedSwarm + failedOwnership === 0 ? 0 : 1;
}

/**
 * Tries every fault at every request of every step in parallel processes. Returns the number of cases that did not
 * converge.
 */
async function failRequests(
  { lanes, every, step }: Options,
  product: (typeof productNames)[number],
): Promise<number> {
  console.log(`authentik and ${product === "ve" ? "Proxmox VE" : otherProducts[product].name}:`);
  const other = product === "ve" ? undefined : product;
  const results: Result[] = [];
  const minutes = stopwatch();
  const stopped = () => {
    summarize(results, minutes());
    process.exit(1);
  };
  process.once("SIGTERM", stopped);
  await inLanes(
    Number(lanes),
    other,
    (requests) => allCases(requests, other, step).filter((_, index) => index % Number(every) === 0),
    (result, total) => {
      results.push(result);
      report(result);
      if (results.length % reportEvery === 0)
        console.log(`${results.length} of ${total} cases tried in ${minutes()} min`);
    },
  );
  process.removeListener("SIGTERM", stopped);
  return summarize(results, minutes());
}

/** Prints the results. Returns the number of cases that did not converge. */
function summarize(results: readonly Result[], minutes: string): number {
  const struck = results.filter((result) => result.struck !== undefined);
  console.table(table(struck));
  const failed = struck.filter(({ problems }) => problems.length > 0);
  console.log(
    `In this process, by the real program and providers: ${struck.length} cases tried in ${minutes} min, ` +
      `${struck.length - failed.length} converged, ${failed.length} did not.`,
  );
  return failed.length;
}

/** Kills the real CLI at every n-th request in each way. */
async function killCli(every: number): Promise<number> {
  const results: CliResult[] = [];
  const minutes = stopwatch();
  await killPulumi({ every, lanes: availableParallelism() }, (result, total) => {
    results.push(result);
    const { verb, victim, when, request, problems } = result;
    if (problems.length > 0) console.log(`${verb}, ${victim} ${when}, ${request.slice(0, 80)}:`, problems);
    if (results.length % cliReportEvery === 0)
      console.log(`${results.length} of ${total} kills tried in ${minutes()} min`);
  });
  const failed = results.filter(({ problems }) => problems.length > 0);
  console.table(
    victims.map((killed) => {
      const own = results.filter(({ victim }) => victim === killed);
      return {
        "SIGKILL for": killed,
        cases: own.length,
        "needed pulumi cancel": own.filter(({ cancelled }) => cancelled).length,
        "did not converge": own.filter(({ problems }) => problems.length > 0).length,
      };
    }),
  );
  console.log(
    `With the real Pulumi CLI: ${results.length} cases tried in ${minutes()} min, ` +
      `${results.length - failed.length} converged, ${failed.length} did not.`,
  );
  return failed.length;
}

/** Kills the real CLI at changes that it requests from the real Docker Engine. */
async function killWhileDockerWorks(
  where: string,
  killAll: (report: (result: DockerResult, total: number) => void) => Promise<void>,
): Promise<number> {
  const results: DockerResult[] = [];
  const minutes = stopwatch();
  await setup();
  await killAll((result, total) => {
    results.push(result);
    const { verb, victim, acts, request, problems, cancelled } = result;
    const when = `${victim} dies ${acts ? "after" : "before"} ${request.replace(/\/v[\d.]+/, "").slice(0, 60)}`;
    console.log(
      `${results.length} of ${total} in ${minutes()} min: ${verb}, ${when}${cancelled ? ", pulumi cancel" : ""}:`,
      problems.length > 0 ? problems : "converged",
    );
  });
  const failed = results.filter(({ problems }) => problems.length > 0);
  console.log(
    `On ${where}, with the real Pulumi CLI: ${results.length} cases tried in ${minutes()} min, ` +
      `${results.length - failed.length} converged, ${failed.length} did not.`,
  );
  return failed.length;
}

function allCases(requests: Record<Step, string[]>, product: OtherProduct | undefined, only?: Step): Case[] {
  return steps
    .filter((step) => !only || step === only)
    .flatMap((step) =>
      requests[step].flatMap((request, index) =>
        [...faults.keys()]
          .filter((fault) => canMeet(faultOf({ fault }), request, product))
          .map((fault) => ({ step, at: index + 1, fault })),
      ),
    );
}

/** The minutes since its creation. */
function stopwatch(): () => string {
  const begun = Date.now();
  return () => ((Date.now() - begun) / 60_000).toFixed(1);
}

function report(result: Result): void {
  if (result.problems.length === 0) return;
  console.log(
    `${result.step}, request ${result.at} (${result.struck?.slice(0, 80)}): ${faultOf(result).title}`,
  );
  for (const problem of result.problems) console.log(`    ${problem}`);
}

function table(results: readonly Result[]) {
  return faults.flatMap(({ title }, index) => {
    const own = results.filter(({ fault }) => fault === index);
    if (own.length === 0) return [];
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
  .option("--lanes <number>", "how many at a time", String(lanesPerCore * availableParallelism()))
  .option("--every <number>", "only every so many-th case; 0 for none", "1")
  .option(
    "--cli-every <number>",
    "only every so many-th kill of the real CLI, which takes 10 s or so; 0 for none",
    "7",
  )
  .option(
    "--docker-every <number>",
    "only every so many-th kill while Docker works, which takes a minute or two; 0 for none",
    "25",
  )
  .option(
    "--swarm-every <number>",
    "only every so many-th kill while the manager of a swarm works, which takes two minutes or so (needs root)",
    "0",
  )
  .option("--sequences <number>", "how many random sequences of changes and runs; 0 for none", "2000")
  .option("--seed <number>", "of these sequences", String(Date.now() % 1_000_000))
  .option("--step <up|change|destroy>", "only this step")
  .option("--product <ve|backup|datacenter-manager>", "only with this product, and only in this process")
  .action(async (options: Options) => {
    process.exitCode = await main(options);
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error);
    // Other lanes would keep the process alive.
    process.exit(1);
  });
