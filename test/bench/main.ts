import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../../cli/paths";
import { EmptyStack } from "./empty-stack";
import { median } from "./figures";
import { type Case, type CaseResult, measureCase } from "./measure";
import { rowsOf } from "./report";
import { measureWholeStack } from "./whole-stack";

const usage = `usage: npm run bench -- [--clusters 1,10,100] [--load 1] [--access no,yes] [--login no,yes]
                        [--repeat 3]
       npm run bench -- --quick          1 and 10 clusters, once, servers without delay: for the counts
       npm run bench -- --whole-stack 9  previews of authentik on Docker with one cluster

--load says how slow the servers are: 1 as the real ones were measured, 0 as fast as they can.
--access yes: each cluster with three groups that have a role.
--login no: the proofs stop before the login, as with a token that may not make users.`;

const resultFile = join(projectRoot, ".lab", "bench.json");

/**
 * Runs each case several times, each step next to the empty program. Prints a table, and writes all figures to a
 * file.
 */
async function main(): Promise<void> {
  const { cases, repeat, wholeStack } = wanted(process.argv.slice(2));
  const results: unknown[] = [];
  if (wholeStack > 0) results.push(await benchWholeStack(wholeStack));
  const empty = await EmptyStack.create();
  for (const measured of cases) {
    const runs: CaseResult[] = [];
    for (let run = 0; run < repeat; run += 1) {
      runs.push(await measureCase(measured, (command) => empty.measure(command)));
    }
    const rows = rowsOf(runs);
    const { clusters, load, access, login } = measured;
    const [{ resources, stateBytes } = { resources: 0, stateBytes: 0 }] = runs;
    console.log(
      `\n${clusters} cluster${clusters === 1 ? "" : "s"}${access ? " with access" : ""}, proofs ${login ? "with" : "without"} a login, load ${load}, ${repeat} run${repeat === 1 ? "" : "s"}: ` +
        `${resources} resources, ${Math.round(stateBytes / resources)} bytes of state each`,
    );
    console.table(rows);
    results.push({ runs, rows });
  }
  await empty.remove();
  await mkdir(dirname(resultFile), { recursive: true });
  await writeFile(resultFile, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`Calls are reads + writes, to all servers of a kind. All figures: ${resultFile}`);
}

async function benchWholeStack(count: number) {
  const { resources, pairs } = await measureWholeStack(count);
  const previews = pairs.map(({ preview }) => preview.seconds);
  const floors = pairs.map(({ floor }) => floor.seconds);
  const ratio = median(pairs.map(({ preview, floor }) => preview.seconds / floor.seconds));
  console.log(
    `authentik on Docker and one cluster, ${resources} resources: preview without a change ${median(previews).toFixed(2)} s, ` +
      `empty program ${median(floors).toFixed(2)} s; the median of ${count} ratios is ${ratio.toFixed(2)}`,
  );
  return { wholeStack: { resources, pairs, ratio } };
}

function wanted(args: string[]): { cases: Case[]; repeat: number; wholeStack: number } {
  const { values } = parseArgs({
    args,
    options: {
      clusters: { type: "string", default: "1,10,100" },
      load: { type: "string", default: "1" },
      repeat: { type: "string", default: "3" },
      access: { type: "string", default: "no,yes" },
      login: { type: "string", default: "yes" },
      quick: { type: "boolean", default: false },
      "whole-stack": { type: "string" },
    },
  });
  const wholeStack = Number(values["whole-stack"] ?? 0);
  const clusters = (values.quick ? "1,10" : values.clusters).split(",").map(Number);
  const load = values.quick ? 0 : Number(values.load);
  const repeat = values.quick ? 1 : Number(values.repeat);
  const access = (values.quick ? "no" : values.access).split(",");
  const login = values.login.split(",");
  const isUsable =
    clusters.every((count) => count >= 1) &&
    load >= 0 &&
    repeat >= 1 &&
    [...access, ...login].every((answer) => ["no", "yes"].includes(answer)) &&
    wholeStack >= 0;
  if (!isUsable) throw new Error(usage);
  if (wholeStack > 0) return { cases: [], repeat, wholeStack };
  const cases = access.flatMap((withAccess) =>
    login.flatMap((withLogin) =>
      clusters.map((count) => ({
        clusters: count,
        load,
        access: withAccess === "yes",
        login: withLogin === "yes",
      })),
    ),
  );
  return { cases, repeat, wholeStack };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
