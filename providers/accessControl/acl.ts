import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { setOf } from "../core/setOf";
import { aclLifecycle } from "../proxmox/aclLifecycle";
import { MissingReferenceError } from "../proxmox/errors";
import { sorted } from "../proxmox/names";
import { problemWithAclPath, problemWithRole } from "./aclPath";
import type { AccessControlClient } from "./client";
import { accessControlConnection, connectAccessControl } from "./connection";
import { tokenId, userId } from "./names";
import type { Product } from "./product";
import type { AclEntry } from "./wire";

export const aclInputs = z.object({
  proxmox: accessControlConnection,
  /**
   * `/`, `/datastore/store1`, `/resource/pve1` and so on. A change grants the new permission before it revokes the old one.
   */
  path: z.string().min(1),
  /** A built-in role: there are no others. */
  role: z.string().min(1),
  /** Users, `name@realm`, that exist. Groups do not exist there. The list may be empty if `subjectsProveOwnership`. */
  users: setOf(userId).default([]),
  /** API tokens, `name@realm!token`. A token may do what both it and its user may do. */
  tokens: setOf(tokenId).default([]),
  /** Whether the role also applies below the path. */
  propagate: z.boolean().default(true),
  /** Revisions of the users. If one is replaced, its permissions are lost, and this resource grants them again. */
  userRevisions: z.array(z.string()).optional(),
  /** Whether all users and tokens listed here belong to this stack. Their permissions then belong to it too. */
  subjectsProveOwnership: z.boolean().default(false),
  /** Take over permissions that exist already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof aclInputs>;

export function aclOf(
  product: Product,
): ResourceDefinition<typeof aclInputs, AclEntry[], object, AccessControlClient> {
  return {
    ...aclLifecycle<AclEntry, Inputs, AccessControlClient>({
      subjectInputs: ["users", "tokens", "userRevisions"],
      subjectsOf: ({ users, tokens }) => [...users, ...tokens],
      lists: ({ users, tokens }, { ugid }) => [...users, ...tokens].includes(ugid),
      observeSubjects: (entries) => {
        const ids = sorted(entries.map(({ ugid }) => ugid));
        return { users: ids.filter((id) => !isToken(id)), tokens: ids.filter(isToken) };
      },
      grant,
      revoke: async (client, entries) => {
        for (const entry of entries) await client.revoke(entry);
      },
      requireReadAccess: (client, _inputs, unseen) => client.requireReadAccess("acl", unseen),
    }),
    type: `${product.module}:Acl`,
    title: `${product.shortName} permission`,
    inputs: aclInputs,
    validate: ({ path, role, users, tokens, subjectsProveOwnership }) => [
      ...failure("path", problemWithAclPath(product, path)),
      ...failure("role", problemWithRole(product, role)),
      ...failure(
        "users",
        subjectsProveOwnership || users.length + tokens.length > 0
          ? undefined
          : "name at least one of `users` and `tokens`",
      ),
    ],
    rewrittenAfter: ["userRevisions"],
    connect: ({ proxmox }, credentials) => connectAccessControl(product, proxmox, credentials),
  };
}

function failure<Property extends keyof Inputs>(property: Property, reason: string | undefined) {
  return reason === undefined ? [] : [{ property, reason }];
}

/** The list contains tokens as users. A user's name can contain `!`, but nothing follows its realm. */
function isToken(id: string): boolean {
  return /@[^@]*!/.test(id);
}

/** The API accepts one user or token in a request. */
async function grant(client: AccessControlClient, wanted: Inputs): Promise<void> {
  const { path, role: roleid, propagate, users, tokens } = wanted;
  const existing = (await client.acl()).filter((entry) => entry.path === path && entry.roleid === roleid);
  for (const ugid of [...users, ...tokens]) {
    if (existing.some((entry) => entry.ugid === ugid && entry.propagate === propagate)) continue;
    try {
      await client.grant({ path, roleid, ugid, propagate });
    } catch (error) {
      if (!(error instanceof MissingReferenceError)) throw error;
      throw new UserError(
        `${error.message} "${ugid}" must exist first, for instance as a \`User\` of this program. ` +
          "Users of an OpenID realm exist after their first login, if `autocreate` is on.",
        { cause: error },
      );
    }
  }
}
