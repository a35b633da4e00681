import type { PolicyBinding } from "../../providers/authentik/wire";
import { mappedName } from "../../providers/proxmox/names";
import type { AclEntry } from "../../providers/proxmox/wire";
import type { HandMade } from "./hand-made";

type Grant = string | string[] | { role: string[]; propagate: false };

/** What of the stack's config says who may log in and what they may do. */
export interface FoundAccess {
  readonly config: {
    allowEveryone?: true;
    access?: Record<string, Record<string, Grant>>;
    exclusiveAccess?: false;
  };
  /** What is not, or not quite, as before. */
  readonly notes: readonly string[];
}

/** From bindings in authentik and permissions of groups on Proxmox to one declaration. */
export function accessOf({ bindings, authentikGroups, acl, realmName }: HandMade): FoundAccess {
  const counting = bindings.filter(({ enabled }) => enabled);
  const plain = counting.filter(({ group, negate }) => group !== null && !negate);
  const others = counting.filter((binding) => !plain.includes(binding));
  const bound = authentikGroups.filter(({ pk }) => plain.some(({ group }) => group === pk));
  const granted = new Map<string, AclEntry[]>();
  for (const entry of acl) {
    if (entry.type !== "group" || !entry.ugid.endsWith(`-${realmName}`)) continue;
    const name = entry.ugid.slice(0, -realmName.length - 1);
    granted.set(name, [...(granted.get(name) ?? []), entry]);
  }
  const known = new Set(authentikGroups.map(({ name }) => name));
  const names = new Set([
    ...bound.map(({ name }) => name),
    ...[...granted.keys()].filter((name) => known.has(name)),
  ]);
  const access = Object.fromEntries(
    [...names].sort().map((name) => [name, rightsOf(name, granted.get(name) ?? [])]),
  );
  return {
    config: {
      // Bindings that no group has stay in authentik and go on counting.
      ...(plain.length === 0 && { allowEveryone: true as const }),
      ...(names.size > 0 && { access }),
      ...(plain.length > 0 && others.length > 0 && { exclusiveAccess: false as const }),
    },
    notes: [
      ...others.map(otherBinding),
      ...(plain.length > 0 && others.length > 0
        ? [
            "`exclusiveAccess` is false for the sake of these bindings. When groups of `access` have taken their place, take it out of the config: `up` then removes them.",
          ]
        : []),
      ...(plain.length === 0
        ? []
        : [...names]
            .filter((name) => !bound.some((group) => group.name === name))
            .map(
              (name) =>
                `The group "${name}" has permissions on Proxmox but is not bound to the application: \`up\` binds it, so that its members may log in. ` +
                "Leave it out of `access` if they may not.",
            )),
      ...[...granted.keys()]
        .filter((name) => !known.has(name))
        .map(
          (name) =>
            `The group "${name}-${realmName}" has permissions on Proxmox, but authentik has no group "${name}": it stays as it is, outside the program.`,
        ),
      ...(names.size > 0
        ? [
            "From the next login on, membership in these groups on Proxmox follows authentik, where one that was given on Proxmox by hand ends. " +
              "Before Proxmox VE 8.4, list the `members` of each group instead.",
          ]
        : []),
    ],
  };
}

function rightsOf(name: string, entries: readonly AclEntry[]): Record<string, Grant> {
  const mapped = mappedName(name);
  const rights: Record<string, Grant> = mapped === name ? {} : { as: mapped };
  for (const path of [...new Set(entries.map((entry) => entry.path))].sort()) {
    const here = entries.filter((entry) => entry.path === path);
    rights[path] = grant(here);
  }
  return rights;
}

function grant(entries: readonly AclEntry[]): Grant {
  const roles = entries.map(({ roleid }) => roleid).sort();
  if (entries.every(({ propagate }) => propagate === 0)) return { role: roles, propagate: false };
  const [only = "", ...others] = roles;
  return others.length === 0 ? only : roles;
}

function otherBinding({ user, policy, negate }: PolicyBinding): string {
  const subject = user !== null ? "a user" : policy !== null ? "a policy" : "a group";
  return `The application's binding to ${subject}${negate ? ", negated," : ""} stays as it is, outside the program, and goes on counting.`;
}
