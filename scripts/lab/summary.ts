import { z } from "zod";
import type { LabPulumi } from "./pulumi";

const updates = z.array(z.object({ resourceChanges: z.record(z.string(), z.number()).default({}) }));

/** Says what the last `up` did and what a person can do now. */
export async function printSummary(pulumi: LabPulumi): Promise<void> {
  const history = await pulumi.capture(["stack", "history", "--json", "--page-size", "1"]);
  const [last] = updates.parse(JSON.parse(history));
  const { same = 0, ...changes } = last?.resourceChanges ?? {};
  if (Object.keys(changes).length === 0) {
    console.log(`Nothing changed: all ${same} resources are as they should be.`);
  }
  console.log(await nextSteps(pulumi));
}

const outputs = z.looseObject({
  proxmoxUrls: z.array(z.string()),
  authentikUrl: z.string(),
  realm: z.string(),
  proof: z.string(),
});

async function nextSteps(pulumi: LabPulumi): Promise<string> {
  const stack = outputs.parse(JSON.parse(await pulumi.capture(["stack", "output", "--json"])));
  return `
Proof of login: ${stack.proof}

Next:
  - Log in to Proxmox at ${stack.proxmoxUrls.join(", ")} with the realm "${stack.realm}", as user akadmin.
    (The lab's certificates are its own: the browser has to be told to go on.)
  - akadmin's password: npm run --silent pulumi config get authentikBootstrapPassword
  - authentik is at ${stack.authentikUrl}
  - Destroy it all: npm run stop
`;
}
