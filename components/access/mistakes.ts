import { problemWithAclPath, problemWithRole } from "../../providers/accessControl/aclPath";
import { userId as otherUserId } from "../../providers/accessControl/names";
import type { Product } from "../../providers/accessControl/product";
import { type OtherProduct, otherProducts } from "../../providers/accessControl/products";
import { isOlder } from "../../providers/core/versions";
import { aclDefinition } from "../../providers/proxmox/acl";
import { builtInRoles } from "../../providers/proxmox/builtInRoles";
import { mappedName, proxmoxName, userId } from "../../providers/proxmox/names";
import { proxmoxVersions } from "../../providers/proxmox/versions";
import { followedClaims, isFollowed } from "../../providers/sso/groupMembers";
import { type AccessGroup, groupsIn, isDeclaredByMembers } from "./groups";

export interface AccessContext {
  readonly realm: string;
  readonly allowEveryone: boolean;
  /** The product, if it is not Proxmox VE. */
  readonly product?: OtherProduct | undefined;
  /** The claim that becomes the user name. */
  readonly usernameClaim?: string | undefined;
  /** Version of Proxmox VE, if the configuration sets it. */
  readonly proxmoxVersion?: string | undefined;
  /** Names of the roles that the stack creates. */
  readonly ownRoles: readonly string[];
}

/** Parses and checks a declaration. Reports all mistakes at once, each with the fix. */
export function readAccess(
  access: unknown,
  context: AccessContext,
): { groups: readonly AccessGroup[]; mistakes: readonly string[] } {
  const { groups, mistakes } = groupsIn(access, context.realm, context.product);
  if (mistakes.length > 0) return { groups, mistakes };
  return { groups, mistakes: groups.length === 0 ? whyEmpty(context) : mistakesIn(groups, context) };
}

function whyEmpty({ allowEveryone, product }: AccessContext): string[] {
  const example =
    product === undefined
      ? '{ "pve-admins": { "/": "Administrator" } }'
      : `{ "pve-admins": { "${product}": { "/": "${otherProducts[product].adminRole}" } } }`;
  return allowEveryone
    ? []
    : [
        "is empty. Declare which groups of authentik may log in and what they may do, " +
          `e.g. ${example}. Or set \`allowEveryone: true\` to let everybody with an account in authentik log in`,
      ];
}

/** Checks the groups against this version of Proxmox. */
export function mistakesIn(groups: readonly AccessGroup[], context: AccessContext): string[] {
  if (context.product !== undefined) {
    const product = otherProducts[context.product];
    return [
      ...groups.flatMap((group) => mistakesOnOtherProduct(group, product, context.realm)),
      ...mixedMembers(groups),
      ...problemsWithFollowing(groups, context),
    ];
  }
  return [
    ...groups.flatMap((group) => mistakesInGroup(group, context)),
    ...sharedNames(groups),
    ...withoutClaim(groups, context),
  ];
}

/** Backup Server and Datacenter Manager have neither groups nor custom roles. */
function mistakesOnOtherProduct(
  { name, grants, members = [] }: AccessGroup,
  product: Product,
  realm: string,
): string[] {
  const at = (text: string) => `"${name}" ${text}`;
  const ofGrants = grants.flatMap(({ path, role }) => [
    ...sentence(problemWithAclPath(product, path), (why) => at(`has a wrong path: ${why}`)),
    ...sentence(problemWithRole(product, role), (why) => at(`has a wrong role on "${path}": ${why}`)),
  ]);
  const ofMembers = members.flatMap((member) => {
    const problem = otherUserId.safeParse(`${member}@${realm}`).error?.issues[0]?.message;
    return sentence(problem, (why) =>
      at(`has the member "${member}", who cannot log in: a user there ${why}`),
    );
  });
  return [...ofGrants, ...ofMembers];
}

function sentence(problem: string | undefined, say: (problem: string) => string): string[] {
  return problem === undefined ? [] : [say(problem)];
}

function mistakesInGroup(group: AccessGroup, context: AccessContext): string[] {
  const at = (text: string) => `"${group.name}" ${text}`;
  const mistakes: string[] = [];
  if (!proxmoxName.safeParse(group.claimName).success) {
    mistakes.push(
      at(
        "cannot be the name of a group of Proxmox (letters, digits, `.`, `-` and `_`). " +
          `Set another name for Proxmox: \`as: "${mappedName(group.claimName) || "group"}"\``,
      ),
    );
  }
  for (const { path, role } of group.grants) {
    const problem = aclDefinition.inputs.shape.path.safeParse(path).error?.issues[0]?.message;
    if (problem) mistakes.push(at(`has a wrong path: ${problem}`));
    const unknown = problemWithVeRole(role, context.ownRoles);
    if (unknown) mistakes.push(at(`has the role "${role}" on "${path}", ${unknown}`));
  }
  for (const name of group.members ?? []) {
    const problem = userId.safeParse(`${name}@${context.realm}`).error?.issues[0]?.message;
    if (problem) mistakes.push(at(`has the member "${name}", who cannot log in: a Proxmox user ${problem}`));
  }
  return mistakes;
}

/** The server may have more roles than the built-in ones. This function refuses only names that no server can have. */
function problemWithVeRole(role: string, ownRoles: readonly string[]): string | undefined {
  if (builtInRoles.includes(role) || ownRoles.includes(role)) return undefined;
  const meant = builtInRoles.find((known) => known.toLowerCase() === role.toLowerCase());
  if (meant) return `which Proxmox writes "${meant}"`;
  if (!proxmoxName.safeParse(role).success)
    return "which is not a name of a role (letters, digits, `.`, `-`, `_`)";
  return role.startsWith("PVE")
    ? `which Proxmox does not have. Its own roles are ${builtInRoles.join(", ")}. Define custom ones in \`roles\``
    : undefined;
}

function sharedNames(groups: readonly AccessGroup[]): string[] {
  return groups
    .filter(({ claimName }, index) => groups.findIndex((other) => other.claimName === claimName) < index)
    .map(
      ({ name, claimName }) =>
        `"${name}" has the name "${claimName}" on Proxmox, like another group. Rename one of them with \`as\``,
    );
}

function mixedMembers(groups: readonly AccessGroup[]): string[] {
  if (!isDeclaredByMembers(groups)) return [];
  return groups
    .filter(({ members }) => members === undefined)
    .map(
      ({ name }) =>
        `"${name}" has no \`members\`, but other groups have. List \`members\` for every group, or for none`,
    );
}

/** Without `members`, the program asks authentik who is in a group, and has to know the names of the users. */
function problemsWithFollowing(
  groups: readonly AccessGroup[],
  { usernameClaim = "username", product }: AccessContext,
): string[] {
  if (product === undefined || isFollowed(usernameClaim)) return [];
  return groups
    .filter(({ members }) => members === undefined)
    .map(
      ({ name }) =>
        `"${name}" needs \`members\`: ${otherProducts[product].shortName} has no groups claim, and authentik cannot list user names ` +
        `by the claim "${usernameClaim}". Add \`members\`, or set \`usernameClaim\` to ${followedClaims.join(", ")}`,
    );
}

function withoutClaim(groups: readonly AccessGroup[], { proxmoxVersion }: AccessContext): string[] {
  if (isDeclaredByMembers(groups)) return mixedMembers(groups);
  const since = proxmoxVersions.openIdRealm.groupsClaim;
  if (!proxmoxVersion || !isOlder(proxmoxVersion, since)) return [];
  return [
    `needs Proxmox VE 8.4 or later, and this is ${proxmoxVersion}, which does not read a user's groups at login. Upgrade. ` +
      "Or list the users under `members` of each group, and the program creates these users",
  ];
}
