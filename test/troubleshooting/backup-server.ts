import { join } from "node:path";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import type { Remedy } from "./remedy";
import type { Stack } from "./stack";

const token = "root@pam!page:0b9e3e9c-5d5c-4a3c-8a6e-3f6f0f0f5d12";
let running: RunningAccessControl | undefined;

/** Adds a Backup Server to the stack, which has an access of its own. */
async function withBackupServer(stack: Stack, given: string): Promise<void> {
  running ??= await startAccessControl({
    product: "backup",
    port: 0,
    rootPassword: "p4ssword",
    tokens: [token],
    trust: join(stack.lab.folder, "ca.pem"),
    authenticationDelayMs: 0,
  });
  const { url: address, caPem: ca } = running;
  const pbs = {
    product: "backup",
    addresses: [address],
    ca,
    access: { team: { "/": "Audit", members: ["akadmin"] } },
  };
  stack.set(
    { clusters: JSON.stringify({ pbs }), testUsername: "" },
    { testPassword: "", "proxmoxToken-pbs": given },
  );
}

/** Rows of "Backup Server's and Datacenter Manager's API". */
export const backup: readonly Remedy[] = [
  {
    row: "Proxmox … refuses the API token in config key",
    fault: (stack) => withBackupServer(stack, token.replace("0b9e", "ffff")),
    advice: (stack) => withBackupServer(stack, token),
  },
  {
    row: "cannot do … (…)",
    async fault(stack) {
      await withBackupServer(stack, token);
      if (running) running.node.daemonRuns = false;
    },
    advice() {
      if (running) running.node.daemonRuns = true;
    },
  },
];

export const stopBackupServer = async () => running?.close();
