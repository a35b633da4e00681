import { isAsSaid, isOlder } from "../../../providers/core/versions";
import { proxmoxOf } from "../chain";
import { type Check, fail, pass, type Result, warn } from "../check";
import { soonWarning } from "../expiry";
import type { Cluster } from "../subject";
import { lackingInProxmox } from "./lacking";

/** `GET /version` requires only a login. The client explains a refused credential. */
export const proxmoxTokenCheck: Check<Cluster> = {
  name: "Proxmox token",
  needs: ["Proxmox answers"],
  async look(cluster) {
    await proxmoxOf(cluster).version();
    const { login } = cluster.connection;
    if (login) return pass(`the password of ${login.username} is right`);
    return (await expiryOf(cluster)) ?? pass("Proxmox knows the API token");
  },
};

/** Warns before the token expires. Its user can read its own tokens. */
async function expiryOf(cluster: Cluster): Promise<Result | undefined> {
  const { actingUser, tokenName } = proxmoxOf(cluster);
  const tokens = await proxmoxOf(cluster)
    .tokens(actingUser)
    .catch(() => []);
  const expire = tokens.find(({ tokenid }) => tokenid === tokenName)?.expire ?? 0;
  if (expire === 0) return undefined;
  return soonWarning(
    new Date(expire * 1000),
    `The API token of ${actingUser}`,
    `pveum user token modify ${actingUser} ${tokenName} --expire 0`,
  );
}

export const proxmoxVersionCheck: Check<Cluster> = {
  name: "Proxmox's version",
  needs: ["Proxmox token"],
  async look(cluster) {
    const version = await proxmoxOf(cluster).version();
    if (isOlder(version, "7.0.0")) {
      return fail(
        `Proxmox VE ${version} has no OpenID realms.`,
        "Upgrade it: 7.0 is the first version with OpenID realms.",
      );
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
