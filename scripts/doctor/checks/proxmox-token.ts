import { isOlder } from "../../../providers/core/versions";
import { connectProxmox } from "../../../providers/proxmox/connection";
import { type Check, fail, pass, warn } from "../check";
import type { Cluster } from "../subject";

/** `GET /version` is for everybody who is logged in; a refused credential is explained by the client. */
export const proxmoxTokenCheck: Check<Cluster> = {
  name: "Proxmox token",
  needs: ["Proxmox answers"],
  async look(cluster) {
    await versionOf(cluster);
    const { login } = cluster.connection;
    return pass(login ? `the password of ${login.username} is right` : "Proxmox knows the API token");
  },
};

export const proxmoxVersionCheck: Check<Cluster> = {
  name: "Proxmox's version",
  needs: ["Proxmox token"],
  async look(cluster) {
    const version = await versionOf(cluster);
    if (isOlder(version, "7.0.0")) {
      return fail(`Proxmox VE ${version} has no OpenID realms.`, "Upgrade it: 7.0 is the first that has.");
    }
    // Options are refused at preview by the version in the config, so that it must not be a later one.
    const told = cluster.config.proxmoxVersion;
    return told === undefined || !isOlder(version, `${told}.0`)
      ? pass(`Proxmox VE ${version}`)
      : warn(
          `Proxmox VE is ${version}, but proxmoxVersion says ${told}.`,
          `pulumi config set proxmoxVersion ${version}`,
        );
  },
};

function versionOf({ connection, credentials }: Cluster): Promise<string> {
  return connectProxmox(connection, credentials).version();
}
