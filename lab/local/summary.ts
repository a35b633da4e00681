import { z } from "zod";
import { productsOf } from "./others";
import type { LabPulumi } from "./pulumi";

const updates = z.array(z.object({ resourceChanges: z.record(z.string(), z.number()).default({}) }));

/** Prints what the last `up` did, and the next steps. */
export async function printSummary(pulumi: LabPulumi): Promise<void> {
  const history = await pulumi.capture(["stack", "history", "--json", "--page-size", "1"]);
  const [last] = updates.parse(JSON.parse(history));
  const { same = 0, ...changes } = last?.resourceChanges ?? {};
  if (Object.keys(changes).length === 0) {
    console.log(`Nothing changed: all ${same} resources are as they should be.`);
  }
  console.log(await nextSteps(pulumi));
}

const outputs = z.object({
  authentikUrl: z.string(),
  issuerUrl: z.string(),
  proof: z.string(),
  next: z.string(),
  clusters: z.record(z.string(), z.object({ proof: z.string().optional() })),
});

async function nextSteps(pulumi: LabPulumi): Promise<string> {
  const stack = outputs.parse(JSON.parse(await pulumi.capture(["stack", "output", "--json"])));
  return `
authentik       ${stack.authentikUrl}
Issuer          ${stack.issuerUrl}
Proof of login  ${stack.proof}${ofOthers(stack.clusters)}

Next
  ${stack.next}
  The user is akadmin. Its password:  npm run --silent pulumi config get authentikBootstrapPassword
  The browser warns about the lab's own certificates. Continue past the warning.

  All outputs:        npm run --silent pulumi stack output
  Prove it again:     npm run verify
  Destroy it all:     npm run stop
`;
}

/** The other products have no web page here: their logins are proved only. */
function ofOthers(clusters: z.output<typeof outputs>["clusters"]): string {
  return productsOf()
    .map((product) => `\n                ${clusters[product]?.proof ?? ""}`)
    .join("");
}
