import { isOtherProduct } from "../../providers/accessControl/products";
import { type Case, CaseRunner } from "./cases";
import { Lab } from "./lab";

/** A process with its own servers. It receives cases and returns their results. */
async function main(): Promise<void> {
  process.once("disconnect", () => process.exit());
  // The parent prints the table, so output of resources is discarded.
  console.log = () => {};
  const product = process.argv[2];
  const startLab = () => Lab.start(isOtherProduct(product) ? product : undefined);
  let lab = await startLab();
  let runner = await CaseRunner.on(lab);
  process.on("message", async (one: Case) => {
    const result = await runner.run(one);
    if (result.problems.length > 0) {
      // The next case must not inherit anything.
      await lab.stop();
      lab = await startLab();
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
