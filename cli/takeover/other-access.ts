import type { Roles } from "../../components/access/declaration";
import { otherProducts } from "../../providers/accessControl/products";
import { mappedName } from "../../providers/proxmox/names";
import type { OtherPart } from "./other-product";

/** A role of some users on a path. */
interface Right {
  readonly path: string;
  readonly role: string;
  readonly propagate: boolean;
  readonly holders: ReadonlySet<string>;
}

/** A group of authentik whose members may log in. */
interface Bound {
  readonly pk: string;
  readonly name: string;
}

/**
 * The roles of users as roles of the groups that admit them. A group gets a role if all of its members with a user
 * on the server have it. Nobody loses or gains a role, except members without a user.
 */
export function rolesOfGroups(
  { product, acl, users, members }: OtherPart,
  realmName: string,
  bound: readonly Bound[],
): { rights: Record<string, Record<string, Roles>>; notes: readonly string[] } {
  const { shortName } = otherProducts[product];
  const rights = rightsIn(acl, realmName);
  const left = new Map(rights.map((right) => [right, new Set(right.holders)]));
  const notes: string[] = [];
  const found = Object.fromEntries(
    bound.map(({ pk, name }) => {
      const all = members.get(pk) ?? [];
      const known = all.filter((member) => users.has(member));
      const own = rights.filter(
        ({ holders }) => known.length > 0 && known.every((member) => holders.has(member)),
      );
      for (const right of own) for (const member of all) left.get(right)?.delete(member);
      const newcomers = all.filter((member) => !users.has(member));
      if (own.length > 0 && newcomers.length > 0) {
        notes.push(
          `"${name}" has members without a user on ${shortName}: ${newcomers.join(", ")}. \`up\` creates their users and gives them its roles.`,
        );
      }
      // A group without roles admits its members. Its config would be empty without a name.
      return [name, own.length > 0 ? rolesByPath(own) : { as: mappedName(name) }];
    }),
  );
  const outside = [...left].flatMap(([{ role, path }, holders]) =>
    [...holders].map((holder) => `${role} on ${path} for ${holder}@${realmName}`),
  );
  if (outside.length > 0) {
    notes.push(
      `These permissions are of no group whose members all have them: ${outside.sort().join(", ")}. They stay unchanged, outside the program. ` +
        "To have them follow authentik, put the users into a group there and declare its roles.",
    );
  }
  return { rights: found, notes };
}

function rightsIn(acl: OtherPart["acl"], realmName: string): Right[] {
  const rights = new Map<string, Right & { holders: Set<string> }>();
  for (const { path, roleid: role, propagate, ugid } of acl) {
    const key = JSON.stringify([path, role, propagate]);
    const right = rights.get(key) ?? { path, role, propagate, holders: new Set() };
    right.holders.add(ugid.slice(0, -realmName.length - 1));
    rights.set(key, right);
  }
  return [...rights.values()];
}

function rolesByPath(rights: readonly Right[]): Record<string, Roles> {
  const byPath = new Map<string, (string | { role: string; propagate: boolean })[]>();
  for (const { path, role, propagate } of rights) {
    byPath.set(path, [...(byPath.get(path) ?? []), propagate ? role : { role, propagate }]);
  }
  return Object.fromEntries(
    [...byPath]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([path, roles]) => {
        const [only, ...more] = roles;
        return [path, only !== undefined && more.length === 0 ? only : roles];
      }),
  );
}
