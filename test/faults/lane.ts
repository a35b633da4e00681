import { type Case, CaseRunner } from "./cases";
import { Lab } from "./lab";

/** A process of its own with servers of its own: it gets cases one by one, and sends their results back. */
async function main(): Promise<void> {
  process.once("disconnect", () => process.exit());
  // The table is the parent's; what resources tell the console is none of its lines.
  console.log = () => {};
  let lab = await Lab.start();
  let runner = await CaseRunner.on(lab);
  process.on("message", async (one: Case) => {
    const result = await runner.run(one);
    if (result.problems.length > 0) {
      // What it left behind is not the next case's.
      await lab.stop();
      lab = await Lab.start();
      runner = await CaseRunner.on(lab);
    }
    process.send?.(result);
  });
  process.send?.({ requests: Object.fromEntries(runner.requests) });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
