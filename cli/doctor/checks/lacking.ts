import { mistakesIn } from "../../../components/access/mistakes";
import { whatVersionsLack } from "../../../components/model/rules";
import { fail, type Result } from "../check";
import type { Cluster } from "../subject";

const advice = "Upgrade it, or remove this from the config. Otherwise `pulumi up` stops there.";

/** Options in the configuration that this authentik lacks. A preview knows only the version in the config. */
export function lackingInAuthentik({ options, key }: Cluster, version: string): Result[] {
  return whatVersionsLack(options, { authentik: version }).map(({ path, message }) =>
    fail(`\`${key(path)}\` ${message}.`, advice),
  );
}

/** Options in the configuration that this Proxmox lacks. */
export function lackingInProxmox(
  { options, groups, realm, roles, allowEveryone, key }: Cluster,
  version: string,
): Result[] {
  const context = { realm, allowEveryone, proxmoxVersion: version, ownRoles: Object.keys(roles) };
  const inAccess = mistakesIn(groups, context).map((message) => ({ path: "access", message }));
  return [...whatVersionsLack(options, { proxmox: version }), ...inAccess].map(({ path, message }) =>
    fail(`\`${key(path)}\` ${message}.`, advice),
  );
}
