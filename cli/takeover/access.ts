import { closingGroupOf } from "../../components/access/claim";
import type { Roles } from "../../components/access/declaration";
import type { PolicyBinding } from "../../providers/authentik/wire";
import { mappedName } from "../../providers/proxmox/names";
import type { AclEntry } from "../../providers/proxmox/wire";
import { type HandMade, learnsGroups } from "./hand-made";
import { rolesOfGroups } from "./other-access";

type GroupRights = Record<string, Roles> & { members?: string[] };

/** The part of the stack's config that defines who may log in and what they may do. */
export interface FoundAccess {
  readonly config: {
    allowEveryone?: true;
    access?: Record<string, GroupRights>;
    exclusiveAccess?: false;
  };
  /** Differences from the existing set-up. */
  readonly notes: readonly string[];
}

/** Converts bindings in authentik and permissions of groups on Proxmox to one declaration. */
export function accessOf(handMade: HandMade): FoundAccess {
  const { bindings, acl, realmName, application } = handMade;
  const closing = handMade.authentikGroups.find(({ name }) => name === closingGroupOf(application.slug));
  const authentikGroups = handMade.authentikGroups.filter((group) => group !== closing);
  const counting = bindings.filter(({ enabled, group }) => enabled && (!closing || group !== closing.pk));
  const plain = counting.filter(({ group, negate }) => group !== null && !negate);
  const others = counting.filter((binding) => !plain.includes(binding));
  const bound = authentikGroups.filter(({ pk }) => plain.some(({ group }) => group === pk));
  const onOther = handMade.other && rolesOfGroups(handMade.other, realmName, bound);
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
    [...names].sort().map((name) => [
      name,
      onOther?.rights[name] ?? {
        ...rightsOf(name, granted.get(name) ?? []),
        ...membersOf(name, handMade),
      },
    ]),
  );
  return {
    config: {
      // Bindings of users and policies stay in authentik, and stay in effect.
      ...(plain.length === 0 && { allowEveryone: true as const }),
      ...(names.size > 0 && { access }),
      ...(plain.length > 0 && others.length > 0 && { exclusiveAccess: false as const }),
    },
    notes: [
      ...others.map(otherBinding),
      ...(plain.length > 0 && others.length > 0
        ? [
            "`exclusiveAccess` is false because of these bindings. When groups of `access` have replaced them, remove it from the config. The next `up` then removes the bindings.",
          ]
        : []),
      ...(plain.length === 0
        ? []
        : [...names]
            .filter((name) => !bound.some((group) => group.name === name))
            .map(
              (name) =>
                `The group "${name}" has permissions on Proxmox but is not bound to the application: \`up\` binds it, and its members may log in. ` +
                "Remove it from `access` to prevent this.",
            )),
      ...[...granted.keys()]
        .filter((name) => !known.has(name))
        .map(
          (name) =>
            `The group "${name}-${realmName}" has permissions on Proxmox, but authentik has no group "${name}": it stays unchanged, outside the program.`,
        ),
      ...(onOther?.notes ?? []),
      ...(names.size > 0 && !handMade.other
        ? [
            learnsGroups(handMade)
              ? "The next login sets the membership in these groups on Proxmox from authentik, and removes memberships that were set by hand."
              : `Proxmox VE ${handMade.version} does not read groups at login, so \`members\` lists the users of each group now. Keep the lists up to date by hand.`,
          ]
        : []),
    ],
  };
}

/**
 * The group's members on Proxmox, by their names in authentik. Only needed if Proxmox does not read a groups claim.
 */
function membersOf(name: string, handMade: HandMade): { members?: string[] } {
  if (learnsGroups(handMade)) return {};
  const { users, realmName } = handMade;
  const members = users.filter(
    ({ userid, groups }) => userid.endsWith(`@${realmName}`) && groups.includes(`${name}-${realmName}`),
  );
  return { members: members.map(({ userid }) => userid.slice(0, -realmName.length - 1)).sort() };
}

function rightsOf(name: string, entries: readonly AclEntry[]): Record<string, Roles> {
  const mapped = mappedName(name);
  // `as` is written for a group without permissions too, because its config would otherwise be empty.
  const rights: Record<string, Roles> = mapped === name && entries.length > 0 ? {} : { as: mapped };
  for (const path of [...new Set(entries.map((entry) => entry.path))].sort()) {
    const here = entries.filter((entry) => entry.path === path);
    rights[path] = grant(here);
  }
  return rights;
}

function grant(entries: readonly AclEntry[]): Roles {
  const rolesWhere = (value: 0 | 1) =>
    entries
      .filter(({ propagate }) => propagate === value)
      .map(({ roleid }) => roleid)
      .sort();
  const [only, ...others] = rolesWhere(1);
  const here = rolesWhere(0);
  const onlyHere = { role: here, propagate: false };
  if (only === undefined) return onlyHere;
  if (here.length > 0) return [only, ...others, onlyHere];
  return others.length === 0 ? only : [only, ...others];
}

function otherBinding({ user, policy, negate }: PolicyBinding): string {
  const subject = user !== null ? "a user" : policy !== null ? "a policy" : "a group";
  return `The application's binding to ${subject}${negate ? ", negated," : ""} stays valid and unchanged, outside the program.`;
}
