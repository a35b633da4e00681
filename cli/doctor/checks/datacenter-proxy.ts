import { UserError } from "../../../providers/core/errors";
import { proxmoxOf } from "../chain";
import { type Check, pass, warn } from "../check";
import type { Cluster } from "../subject";

/** Proxmox contacts authentik through the datacenter's proxy, which often cannot reach an internal authentik. */
export const datacenterProxyCheck: Check<Cluster> = {
  name: "Datacenter proxy",
  needs: ["Proxmox token"],
  async look(cluster) {
    const proxy = await visibleProxy(cluster);
    if (proxy === undefined) return pass("no HTTP proxy of the datacenter is visible");
    const { origin } = cluster.authentik;
    return warn(
      `The datacenter has the proxy ${withoutPassword(proxy)}: its nodes connect to authentik at ${origin} through it.`,
      `Let the proxy reach ${origin}, or remove it under Datacenter > Options > HTTP proxy (\`pvesh set /cluster/options --delete http_proxy\`). ` +
        "Otherwise each login fails at its first step, as the proof of login shows.",
    );
  },
};

/** Older releases require Sys.Audit on `/` for the options, and nothing else here requires it. */
async function visibleProxy(cluster: Cluster): Promise<string | undefined> {
  try {
    return await proxmoxOf(cluster).httpProxy();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Proxmox's setting can contain a password: `http://user:password@proxy:3128`. */
function withoutPassword(proxy: string): string {
  return proxy.replace(/\/\/.*@/, "//");
}
