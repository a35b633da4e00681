import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { keyOn } from "../core/ownership";
import { setOf } from "../core/setOf";
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

const rights = ["path", "role", "users", "tokens", "propagate", "userRevisions"];

export function aclOf(
  product: Product,
): ResourceDefinition<typeof aclInputs, AclEntry[], object, AccessControlClient> {
  return {
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
    ownership: {
      keys: ({ proxmox, path, role, users, tokens }) =>
        [...users, ...tokens].map((subject) => keyOn(proxmox, path, role, subject)),
      // An entry consists only of its path, role and subject, so an equal entry is the same one.
      matches: (_entries, _state, isElsewhere) => !isElsewhere,
    },
    rewrittenAfter: ["userRevisions"],
    replaceOn: [],
    secrets: [],
    id: ({ role, path }) => `${role} on ${path}`,
    connect: ({ proxmox }, credentials) => connectAccessControl(product, proxmox, credentials),

    async find(client, wanted) {
      const remote = await entriesOf(client, wanted);
      if (remote.length === 0) return undefined;
      return {
        remote,
        ours: wanted.subjectsProveOwnership,
        description: `The permission ${wanted.role} on ${wanted.path} for ${remote.map(({ ugid }) => ugid).join(", ")}`,
      };
    },

    async create(client, wanted) {
      await grant(client, wanted);
      return entriesOf(client, wanted);
    },

    async read(client, state) {
      const entries = await entriesOf(client, state);
      if (entries.length > 0 || state.users.length + state.tokens.length === 0) return entries;
      // Without permissions the list is empty, and proves nothing.
      await client.requireReadAccess("acl", `the permissions on ${state.path}, so their state is unknown`);
      return undefined;
    },

    async update(client, current, wanted, changed, { isKept }) {
      if (rights.some((input) => changed.has(input))) {
        await grant(client, wanted);
        // Revokes after granting, so nobody loses access in between.
        await revoke(
          client,
          current,
          (entry) => !isOneOf(wanted, entry) && !isKept(entryKey(current, entry)),
        );
      }
      return entriesOf(client, wanted);
    },

    delete: (client, state, { isKept }) => revoke(client, state, (entry) => !isKept(entryKey(state, entry))),

    observe: (entries, state) => ({
      path: state.path,
      role: state.role,
      users: sorted(entries.map(({ ugid }) => ugid).filter((id) => !isToken(id))),
      tokens: sorted(entries.map(({ ugid }) => ugid).filter(isToken)),
      propagate: entries.every(({ propagate }) => propagate === state.propagate)
        ? state.propagate
        : !state.propagate,
    }),

    outputs: () => ({}),
  };
}

function failure<Property extends keyof Inputs>(property: Property, reason: string | undefined) {
  return reason === undefined ? [] : [{ property, reason }];
}

/** The list contains tokens as users. A user's name can contain `!`, but nothing follows its realm. */
function isToken(id: string): boolean {
  return /@[^@]*!/.test(id);
}

function entryKey({ proxmox }: Inputs, { path, roleid, ugid }: AclEntry): string {
  return keyOn(proxmox, path, roleid, ugid);
}

/** Others may have the same role on the same path. This resource ignores their entries. */
function isOneOf({ path, role, users, tokens }: Inputs, entry: AclEntry): boolean {
  return entry.path === path && entry.roleid === role && [...users, ...tokens].includes(entry.ugid);
}

async function entriesOf(client: AccessControlClient, inputs: Inputs): Promise<AclEntry[]> {
  return (await client.acl()).filter((entry) => isOneOf(inputs, entry));
}

/** Adds missing entries and sets `propagate`. The API accepts one user or token in a request. */
async function grant(client: AccessControlClient, wanted: Inputs): Promise<void> {
  const { path, role: roleid, propagate, users, tokens } = wanted;
  const before = new Map((await entriesOf(client, wanted)).map((entry) => [entry.ugid, entry]));
  for (const ugid of [...users, ...tokens]) {
    if (before.get(ugid)?.propagate === propagate) continue;
    try {
      await client.grant({ path, roleid, ugid, propagate });
    } catch (error) {
      if (!(error instanceof MissingReferenceError)) throw error;
      throw new UserError(
        `${error.message} "${ugid}" must exist first, for instance as a \`User\` of this program: ` +
          "users of an OpenID realm exist from their first login on, and only if `autocreate` is on.",
        { cause: error },
      );
    }
  }
}

async function revoke(
  client: AccessControlClient,
  inputs: Inputs,
  concerns: (entry: AclEntry) => boolean,
): Promise<void> {
  for (const entry of (await entriesOf(client, inputs)).filter(concerns)) await client.revoke(entry);
}
