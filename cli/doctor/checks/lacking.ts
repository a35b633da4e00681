import { mistakesInAccess } from "../../../components/access/mistakes";
import { whatVersionsLack } from "../../../components/versionRefusals";
import { ssoArguments } from "../../../config/arguments";
import { fail, type Result } from "../check";
import type { Cluster } from "../subject";

const advice = "Upgrade it, or take this out of the config. As it is, `pulumi up` would stop there.";

/** What the configuration uses and this authentik does not have; a preview knows only the version in the config. */
export function lackingInAuthentik({ config, settings }: Cluster, version: string): Result[] {
  return whatVersionsLack(ssoArguments(config, settings), { authentik: version }).map(failed);
}

/** The same of this Proxmox. */
export function lackingInProxmox({ config, settings, realm }: Cluster, version: string): Result[] {
  const { access, allowEveryone, roles, key } = settings;
  const ownRoles = Object.keys(roles);
  const inAccess = mistakesInAccess(access, { realm, allowEveryone, proxmoxVersion: version, ownRoles });
  return [
    ...whatVersionsLack(ssoArguments(config, settings), { proxmox: version }),
    ...inAccess.map((mistake) => `\`${key("access")}\` ${mistake}.`),
  ].map(failed);
}

function failed(found: string): Result {
  return fail(found, advice);
}
