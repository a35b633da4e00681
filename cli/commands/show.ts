import { writeFile } from "node:fs/promises";
import { asHtml } from "../show/as-html";
import { asText } from "../show/as-text";
import { withMembers } from "../show/members";
import { overviewOf } from "../show/overview";
import { withRealmUsers } from "../show/realm-users";
import type { RunPulumi } from "../stack-in-question";

/** Shows what the stack has created: in the terminal, and on request as a page. */
export async function show(pulumi: RunPulumi, { html }: { html?: string }): Promise<number> {
  const stack = (await pulumi(["stack", "--show-name"])).trim();
  const exported: unknown = JSON.parse(await pulumi(["stack", "export"]));
  const made = overviewOf(stack, exported);
  if (made.clusters.length === 0) {
    console.error("The stack has nothing to show yet. Run pulumi up first.");
    return 1;
  }
  const overview = await withRealmUsers(await withMembers(made, exported, pulumi), exported, pulumi);
  console.log(asText(overview));
  if (html !== undefined) {
    await writeFile(html, asHtml(overview));
    console.log(`\nThe same as a page: ${html}`);
  }
  return 0;
}
