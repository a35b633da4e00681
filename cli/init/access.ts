import { readAccess } from "../../components/access/mistakes";
import { defaults } from "../../components/model/defaults";
import { mappedName, proxmoxName } from "../../providers/proxmox/names";
import type { Terminal } from "./ask";
import { nothing, type Values } from "./values";

/** Who may log in, and what these may do. */
export async function askForAccess(terminal: Terminal): Promise<Values> {
  const who = await terminal.choose("Who may log in to Proxmox?", {
    groups: "the members of groups in authentik, with roles that I give here",
    everyone: "everybody with an account in authentik, with no rights at first",
  });
  if (who === "everyone") return { ...nothing, plain: { allowEveryone: "true" } };
  const plain: Record<string, string> = {};
  const names: string[] = [];
  for (;;) {
    const name = await terminal.text({
      message:
        names.length === 0
          ? "A group of authentik? It is made, unless it exists."
          : "Another group? (empty: no more)",
      placeholder: "pve-admins",
      optional: names.length > 0,
      check: requireUsableName,
    });
    if (name === "") return { ...nothing, plain };
    names.push(name);
    const grants = await terminal.text({
      message: `What may the members of "${name}" do? Roles on paths, with commas between them.`,
      placeholder: "Administrator on /, PVEVMUser on /vms",
      check: (answer) => requireRight(name, grantsIn(answer)),
    });
    Object.assign(plain, pairsOf(name, grantsIn(grants)));
  }
}

interface Grant {
  readonly role: string;
  readonly path: string;
}

function grantsIn(answer: string): Grant[] {
  return answer.split(",").map((part) => {
    const [, role, path] = /^(\S+)\s+on\s+(\/\S*)$/.exec(part.trim()) ?? [];
    if (role && path) return { role, path };
    throw new Error(`"${part.trim()}" has no form like: PVEVMUser on /vms`);
  });
}

function requireUsableName(name: string): void {
  // It would end the key where `pulumi config set-all` takes key and value apart.
  if (name.includes("=")) throw new Error("A group with = in its name has to be set in the config's file.");
}

function requireRight(name: string, grants: readonly Grant[]): void {
  const roles = Object.fromEntries(grants.map(({ path, role }) => [path, role]));
  const access = { [name]: { ...asForProxmox(name), ...roles } };
  const context = { realm: defaults.realm, allowEveryone: false, ownRoles: [] };
  const [mistake] = readAccess(access, context).mistakes;
  if (mistake) throw new Error(mistake);
}

/** A name that Proxmox cannot have gets the nearest that it can. */
function asForProxmox(name: string): { as?: string } {
  return proxmoxName.safeParse(name).success ? {} : { as: mappedName(name) || "group" };
}

/** Config keys by path; several roles on one path are a list. */
function pairsOf(name: string, grants: readonly Grant[]): Record<string, string> {
  const group = `access[${JSON.stringify(name)}]`;
  const { as } = asForProxmox(name);
  const paths = new Map<string, string[]>();
  for (const { path, role } of grants) paths.set(path, [...(paths.get(path) ?? []), role]);
  const pairs = [...paths].flatMap(([path, roles]) => {
    const key = `${group}[${JSON.stringify(path)}]`;
    return roles.length === 1
      ? [[key, roles[0] ?? ""]]
      : roles.map((role, index) => [`${key}[${index}]`, role]);
  });
  return Object.fromEntries([...(as ? [[`${group}.as`, as]] : []), ...pairs]);
}
