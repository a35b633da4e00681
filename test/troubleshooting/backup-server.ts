import assert from "node:assert/strict";
import { join } from "node:path";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { undisturbed } from "./reach";
import { type Remedy, refreshed } from "./remedy";
import type { Stack } from "./stack";

const token = "root@pam!page:0b9e3e9c-5d5c-4a3c-8a6e-3f6f0f0f5d12";
let running: RunningAccessControl | undefined;

/** Adds a Backup Server to the stack, which has an access of its own. */
async function withBackupServer(stack: Stack, given: string, members?: string[]): Promise<void> {
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
    access: { team: { "/": "Audit", members } },
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
    fault: (stack) => withBackupServer(stack, token.replace("0b9e", "ffff"), ["akadmin"]),
    advice: (stack) => withBackupServer(stack, token, ["akadmin"]),
  },
  {
    row: "cannot do … (…)",
    async fault(stack) {
      await withBackupServer(stack, token, ["akadmin"]);
      if (running) running.node.daemonRuns = false;
    },
    advice() {
      if (running) running.node.daemonRuns = true;
    },
  },
  {
    row: "authentik shows no group …",
    async fault(stack) {
      await withBackupServer(stack, token);
      assert.equal(await stack.up(), undefined);
      await stack.lab.byHand.call("DELETE", `core/groups/${await stack.lab.byHand.groupNamed("team")}/`);
    },
    advice: refreshed,
  },
  {
    row: "authentik's answer about the group …",
    async fault(stack) {
      await withBackupServer(stack, token);
      stack.lab.meet.authentik = async (exchange) => {
        const answer = await exchange.forward();
        const isGroup = exchange.method === "GET" && exchange.path.includes("/core/groups/");
        const body = Buffer.from(String(answer.body).replaceAll('"users_obj"', '"others"'));
        exchange.reply(isGroup ? { ...answer, body } : answer);
      };
    },
    advice: undisturbed,
  },
];

export const stopBackupServer = async () => running?.close();
