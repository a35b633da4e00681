import { Command } from "commander";
import { disturbanceFrom } from "../disturbance";
import type { Member } from "./cluster";
import { startProxmox } from "./server";

interface Flags {
  port: string;
  host: string;
  data: string;
  trust?: string;
  node: string[];
  profile: string;
  rootPassword?: string;
  token: string[];
  clockOffset: string;
  daemonTimeout: string;
  latency: string;
  fault: string[];
  load: string;
}

const flags = new Command("proxmox-simulator")
  .description("A simulator of the access API of Proxmox VE")
  .option("--port <port>", "port to listen on", "8006")
  .option("--host <host>", "address to listen on, also a name in the certificate", "127.0.0.1")
  .requiredOption("--data <folder>", "where state, certificates and syslog are kept")
  .option("--trust <path>", "the node's system store: a PEM file or a folder of them")
  .option("--node <name=ip...>", "nodes of the cluster, this one first", [])
  .option("--profile <release>", "release of Proxmox VE to behave as", "9.2")
  .option("--root-password <password>", "password of root@pam (or LAB_PROXMOX_ROOT_PASSWORD)")
  .option("--token <token...>", "API token with full rights, root@pam!name=uuid (or LAB_PROXMOX_TOKEN)", [])
  .option("--clock-offset <seconds>", "how far the node's clock is ahead, negative where it is behind", "0")
  .option("--latency <milliseconds>", "wait before each answer", "0")
  .option(
    "--fault <fault...>",
    "'<METHOD> <begin of the path>=<status>': answer so, and do nothing; pvedaemon=down: as if it were stopped",
    [],
  )
  .option("--daemon-timeout <milliseconds>", "how long pveproxy waits for pvedaemon before its 596", "30000")
  .option("--load <factor>", "work as slowly as the real server was measured, times this", "0")
  .parse()
  .opts<Flags>();

async function main(): Promise<void> {
  const rootPassword = flags.rootPassword ?? process.env.LAB_PROXMOX_ROOT_PASSWORD;
  if (rootPassword === undefined) throw new Error("Set LAB_PROXMOX_ROOT_PASSWORD or --root-password.");
  const tokens = [...flags.token, process.env.LAB_PROXMOX_TOKEN ?? ""].filter((token) => token !== "");
  const proxmox = await startProxmox({
    port: Number(flags.port),
    host: flags.host,
    dataFolder: flags.data,
    ...(flags.trust === undefined ? {} : { trust: flags.trust }),
    release: flags.profile,
    rootPassword,
    ...(flags.node.length > 0 && { members: flags.node.map(memberOf) }),
    tokens,
    clockOffsetSeconds: Number(flags.clockOffset),
    daemonTimeoutMs: Number(flags.daemonTimeout),
    disturbance: disturbanceFrom("proxmox", flags),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => proxmox.close().then(() => process.exit(0)));
  }
  console.log(`Proxmox VE simulator on ${proxmox.url}`);
}

function memberOf(text: string): Member {
  const [name = "", ip] = text.split("=");
  return { name, ...(ip && { ip }) };
}

main().catch((error) => {
  console.error(`The Proxmox VE simulator did not start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});
