import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { type Case, measureCase, measureFloor } from "./measure";
import { rowsOf } from "./report";

const usage = `usage: npm run bench -- [--clusters 1,10,100] [--load 1] [--access] [--repeat 1]
       npm run bench -- --quick      1 and 10 clusters, servers without delay: for the counts

--load says how slow the servers are: 1 as the real ones were measured, 0 as fast as they can.`;

const resultFile = join(__dirname, "../.lab/bench.json");

/** Runs each case with the empty program's floor just before it, prints a table, and writes all figures to a file. */
async function main(): Promise<void> {
  const results = [];
  for (const measured of casesFrom(process.argv.slice(2))) {
    const floor = await measureFloor();
    const result = await measureCase(measured);
    const rows = rowsOf(result, floor);
    const { clusters, load, access, resources, stateBytes } = result;
    console.log(
      `\n${clusters} cluster${clusters === 1 ? "" : "s"}${access ? " with access" : ""}, load ${load}: ` +
        `${resources} resources, ${Math.round(stateBytes / resources)} bytes of state each`,
    );
    console.table(rows);
    results.push({ ...result, floor, rows });
  }
  await mkdir(dirname(resultFile), { recursive: true });
  await writeFile(resultFile, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`Calls are reads + writes, to all servers of a kind. All figures: ${resultFile}`);
}

function casesFrom(args: string[]): Case[] {
  const { values } = parseArgs({
    args,
    options: {
      clusters: { type: "string", default: "1,10,100" },
      load: { type: "string", default: "1" },
      repeat: { type: "string", default: "1" },
      access: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
    },
  });
  const clusters = (values.quick ? "1,10" : values.clusters).split(",").map(Number);
  const load = values.quick ? 0 : Number(values.load);
  const repeat = Number(values.repeat);
  if (clusters.some((count) => !(count >= 1)) || !(load >= 0) || !(repeat >= 1)) throw new Error(usage);
  return Array.from({ length: repeat }).flatMap(() =>
    clusters.map((count) => ({ clusters: count, load, access: values.access })),
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
