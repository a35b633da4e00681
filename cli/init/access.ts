import { readAccess } from "../../components/access/mistakes";
import { defaults } from "../../components/model/defaults";
import { UserError } from "../../providers/core/errors";
import { aclPath } from "../../providers/proxmox/aclPath";
import { mappedName, proxmoxName } from "../../providers/proxmox/names";
import { privilegesNeeded } from "../../providers/proxmox/privileges";
import type { Terminal } from "./ask";
import { unlessRefused } from "./cluster-ca";
import type { AskedProxmox } from "./proxmox";
import { nothing, type Values } from "./values";

interface Grant {
  readonly role: string;
  readonly path: string;
}

/** Roles on paths by group of authentik. Empty if everybody may log in, at first without permissions. */
type Access = ReadonlyMap<string, readonly Grant[]>;

export interface AskedAccess {
  readonly values: Values;
  readonly paths: readonly string[];
}

const example = "pve-admins: Administrator on /; pve-users: PVEVMUser on /vms";

/** Asks who may log in and with which permissions. Offers the roles and paths of the server. */
export async function askForAccess(terminal: Terminal, proxmox: AskedProxmox): Promise<AskedAccess> {
  const { client } = proxmox;
  const roles = (await client.roles()).map(({ roleid }) => roleid).sort();
  const used = (await unlessRefused(client.acl())) ?? [];
  const paths = [
    ...new Set(["/", "/vms", "/nodes", "/storage", "/pool/<name>", ...used.map(({ path }) => path)]),
  ];
  terminal.note(`Roles: ${wrapped(roles)}\nPaths: ${wrapped(paths)}`, "What this Proxmox has");
  const answer = await terminal.text({
    flag: "access",
    message:
      'Which groups of authentik may log in, with which roles on which paths? Groups that do not exist are made. ("everyone": everybody with an account, without rights at first)',
    placeholder: example,
    suggestion: "pve-admins: Administrator on /",
    check: async (typed) => {
      const access = accessIn(typed);
      requireRight(access, roles);
      await requirePrivileges(proxmox, pathsIn(access));
    },
  });
  const access = accessIn(answer);
  const plain =
    access.size === 0
      ? { allowEveryone: "true" }
      : Object.assign({}, ...[...access].map(([name, grants]) => pairsOf(name, grants)));
  return { values: { ...nothing, plain }, paths: pathsIn(access) };
}

function wrapped(names: readonly string[]): string {
  return names.join(", ").replace(/(.{60,90}?, )/g, "$1\n  ");
}

function accessIn(answer: string): Access {
  if (answer.trim() === "everyone") return new Map();
  const parts = answer.split(";").filter((part) => part.trim() !== "");
  return new Map(
    parts.map((part) => {
      const at = part.lastIndexOf(":");
      const name = part.slice(0, at).trim();
      if (at < 1 || name === "") throw new Error(`"${part.trim()}" has no form like: ${example}`);
      // `pulumi config set-all` splits key and value at the first `=`.
      if (name.includes("="))
        throw new Error("A group with = in its name has to be set in the config's file.");
      return [name, grantsIn(part.slice(at + 1))];
    }),
  );
}

function grantsIn(list: string): Grant[] {
  return list.split(",").map((part) => {
    const [, role, path] = /^(\S+)\s+on\s+(\/\S*)$/.exec(part.trim()) ?? [];
    if (role && path) return { role, path };
    throw new Error(`"${part.trim()}" has no form like: PVEVMUser on /vms`);
  });
}

function pathsIn(access: Access): string[] {
  return [...new Set([...access.values()].flat().map(({ path }) => path))];
}

function requireRight(access: Access, roles: readonly string[]): void {
  for (const [name, grants] of access) {
    const given = Object.fromEntries(grants.map(({ path, role }) => [path, role]));
    const context = { realm: defaults.realm, allowEveryone: false, ownRoles: [] };
    const [mistake] = readAccess({ [name]: { ...asForProxmox(name), ...given } }, context).mistakes;
    if (mistake) throw new Error(mistake);
    const unknown = grants.find(({ role }) => !roles.includes(role));
    if (unknown) throw new Error(`This Proxmox has no role "${unknown.role}". It has ${roles.join(", ")}.`);
  }
}

/** root may do everything. A token needs the privileges for this access. */
async function requirePrivileges({ client, isRoot }: AskedProxmox, paths: readonly string[]): Promise<void> {
  if (isRoot) return;
  const grantsOn = paths.map((path) => aclPath.parse(path));
  const uses = {
    realm: defaults.realm,
    grantsOn,
    isExclusive: true,
    ownRoles: false,
    users: true,
    nodes: false,
  };
  const needs = privilegesNeeded(uses);
  const missing: typeof needs = [];
  for (const need of needs) {
    if (!(await client.mayOn(need.path, need.privileges))) missing.push(need);
  }
  if (missing.length === 0) return;
  const list = missing.map(({ path, privileges }) => `${privileges.join(" or ")} on ${path}`).join(", ");
  throw new UserError(`The API token lacks ${list}. ${client.howToGrant(missing)}`);
}

/** The nearest valid name for Proxmox, if the name is invalid there. */
function asForProxmox(name: string): { as?: string } {
  return proxmoxName.safeParse(name).success ? {} : { as: mappedName(name) || "group" };
}

/** Config keys by path. Several roles on a path are a list. */
function pairsOf(name: string, grants: readonly Grant[]): Record<string, string> {
  const group = `access[${JSON.stringify(name)}]`;
  const { as } = asForProxmox(name);
  const byPath = new Map<string, string[]>();
  for (const { path, role } of grants) byPath.set(path, [...(byPath.get(path) ?? []), role]);
  const pairs = [...byPath].flatMap(([path, roles]) => {
    const key = `${group}[${JSON.stringify(path)}]`;
    return roles.length === 1
      ? [[key, roles[0] ?? ""]]
      : roles.map((role, index) => [`${key}[${index}]`, role]);
  });
  return Object.fromEntries([...(as ? [[`${group}.as`, as]] : []), ...pairs]);
}
