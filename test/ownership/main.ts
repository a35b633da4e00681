import { Command } from "commander";
import { trySequences } from "./commands";
import { nothingTried, summaryOf } from "./sequence";
import { World } from "./world";

interface Options {
  sequences: string;
  minutes: string;
  seed: string;
  path?: string;
}

/** Runs random sequences of changes and runs with the real definitions. Returns how many failed. */
export async function tryOwnership({ sequences, minutes, seed, path }: Options): Promise<number> {
  // Output of resources on the console is not part of the report.
  const print = console.log;
  console.log = () => {};
  const world = await World.start();
  const tried = nothingTried();
  const failure = await trySequences(world, tried, {
    seed: Number(seed),
    sequences: Number(sequences),
    milliseconds: Number(minutes) * 60_000,
    path,
  });
  await world.stop();
  console.log = print;
  print(`Ownership, ${summaryOf(tried, Number(seed))}.`);
  if (failure) print(failure);
  return failure ? 1 : 0;
}

if (require.main === module) {
  new Command("ownership")
    .option("--sequences <number>", "how many at most", "1000")
    .option("--minutes <number>", "how long at most", "60")
    .option("--seed <number>", "for the same sequences again", String(Date.now() % 1_000_000))
    .option("--path <path>", "the one that failed")
    .action(async (options: Options) => {
      process.exit(await tryOwnership(options));
    })
    .parseAsync();
}
