import { configFor } from "../test/engine/harness";
import { Servers } from "../test/engine/servers";
import { Stack } from "../test/engine/stack";

interface Row {
  step: string;
  seconds: string;
  "to authentik": number;
  "to Proxmox": number;
  "of these, reads": number;
}

const largestShown = 5;

/** What each step of one cluster costs: calls by server, time, and the size of the state it leaves. */
async function main(): Promise<void> {
  const servers = await Servers.start();
  const stack = await Stack.create(configFor(servers));
  try {
    const rows: Row[] = [];
    const steps: [string, () => Promise<unknown>][] = [
      ["up from nothing, login proved", () => stack.up()],
      ["up again", () => stack.up()],
      ["preview", () => stack.preview()],
      ["refresh", () => stack.refresh()],
    ];
    for (const [step, run] of steps) rows.push(await measure(servers, step, run));
    const state = await stack.export();
    rows.push(await measure(servers, "destroy", () => stack.destroy()));
    console.table(rows);
    printStateSize(state);
  } finally {
    await stack.remove();
    await servers.stop();
  }
}

async function measure(servers: Servers, step: string, run: () => Promise<unknown>): Promise<Row> {
  const begun = performance.now();
  const requests = await servers.requestsOf(run);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const toProxmox = requests.filter((request) => request.includes(" /api2/")).length;
  const reads = requests.filter((request) => request.startsWith("GET ")).length;
  return {
    step,
    seconds,
    "to authentik": requests.length - toProxmox,
    "to Proxmox": toProxmox,
    "of these, reads": reads,
  };
}

function printStateSize(state: string): void {
  const { deployment } = JSON.parse(state);
  const resources: { type: string }[] = deployment.resources;
  const sized = resources
    .map((resource) => ({ type: resource.type, bytes: JSON.stringify(resource).length }))
    .sort((a, b) => b.bytes - a.bytes);
  const total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`State: ${total} bytes, ${sized.length} resources, the largest:`);
  console.table(sized.slice(0, largestShown));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
