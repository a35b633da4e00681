import { writeFile } from "node:fs/promises";
import { asHtml } from "../show/as-html";
import { asText } from "../show/as-text";
import { withDrift } from "../show/drift";
import { withMembers } from "../show/members";
import { type Overview, overviewOf } from "../show/overview";
import { withRealmUsers } from "../show/realm-users";
import { openInBrowser, servePage } from "../show/serve";
import { withTasks } from "../show/tasks";
import type { RunPulumi } from "../stack/stack-in-question";

export interface ShowOptions {
  /** Also writes a page to this file. */
  html?: string;
  /** Serves the page on this machine until Ctrl-C. */
  serve?: boolean;
}

/** Shows what the stack has created: in the terminal, and on request as a page. */
export async function show(pulumi: RunPulumi, { html, serve }: ShowOptions): Promise<number> {
  const overview = await lookAt(pulumi);
  if (overview === undefined) {
    console.error("The stack has nothing to show yet. Run pulumi up first.");
    return 1;
  }
  console.log(asText(overview));
  if (html !== undefined) {
    await writeFile(html, asHtml(overview));
    console.log(`\nThe same as a page: ${html}`);
  }
  if (serve) await serveUntilStopped(pulumi, overview);
  return 0;
}

async function lookAt(pulumi: RunPulumi): Promise<Overview | undefined> {
  const stack = (await pulumi(["stack", "--show-name"])).trim();
  const exported: unknown = JSON.parse(await pulumi(["stack", "export"]));
  const made = overviewOf(stack, exported);
  if (made.clusters.length === 0) return undefined;
  const seen = await withRealmUsers(await withMembers(made, exported, pulumi), exported, pulumi);
  return await withDrift(await withTasks(seen, exported), exported, pulumi);
}

async function serveUntilStopped(pulumi: RunPulumi, first: Overview): Promise<void> {
  const page = await servePage(async () => asHtml((await lookAt(pulumi)) ?? first));
  console.log(`\nOpen ${page.url}. The page reads the stack again every minute. Ctrl-C ends it.`);
  const removeFile = process.stdout.isTTY ? openInBrowser(page.url) : undefined;
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
  });
  removeFile?.();
  page.close();
}
