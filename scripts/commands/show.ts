import { writeFile } from "node:fs/promises";
import { asHtml } from "../show/as-html";
import { asText } from "../show/as-text";
import { overviewOf } from "../show/overview";
import type { RunPulumi } from "../stack-in-question";

/** What the stack has made: on the terminal, and as a page where one is asked for. */
export async function show(pulumi: RunPulumi, { html }: { html?: string }): Promise<number> {
  const stack = (await pulumi(["stack", "--show-name"])).trim();
  const overview = overviewOf(stack, JSON.parse(await pulumi(["stack", "export"])));
  if (overview.realms.length === 0) {
    console.error("The stack has nothing to show yet. Run pulumi up first.");
    return 1;
  }
  console.log(asText(overview));
  if (html !== undefined) {
    await writeFile(html, asHtml(overview));
    console.log(`\nThe same as a page: ${html}`);
  }
  return 0;
}
