import { isAsSaid, isOlder } from "../../../providers/core/versions";
import { proxmoxOf } from "../chain";
import { type Check, fail, pass, warn } from "../check";
import type { Cluster } from "../subject";
import { lackingInProxmox } from "./lacking";

/** `GET /version` requires only a login. The client explains a refused credential. */
export const proxmoxTokenCheck: Check<Cluster> = {
  name: "Proxmox token",
  needs: ["Proxmox answers"],
  async look(cluster) {
    await proxmoxOf(cluster).version();
    const { login } = cluster.connection;
    return pass(login ? `the password of ${login.username} is right` : "Proxmox knows the API token");
  },
};

export const proxmoxVersionCheck: Check<Cluster> = {
  name: "Proxmox's version",
  needs: ["Proxmox token"],
  async look(cluster) {
    const version = await proxmoxOf(cluster).version();
    if (isOlder(version, "7.0.0")) {
      return fail(`Proxmox VE ${version} has no OpenID realms.`, "Upgrade it: 7.0 is the first that has.");
    }
    const lacking = lackingInProxmox(cluster, version);
    if (lacking.length > 0) return lacking;
    // The preview refuses options according to the version in the config.
    const { options, key } = cluster;
    const told = options.proxmox.version;
    return told === undefined || isAsSaid(version, told)
      ? pass(`Proxmox VE ${version}`)
      : warn(
          `Proxmox VE is ${version}, but ${key("proxmox.version")} says ${told}.`,
          `pulumi config set --path ${key("proxmox.version")} ${version}`,
        );
  },
};
