import type { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { keyOn } from "../core/ownership";

/** A role of one subject (a user, group or token) on one path. */
interface Entry {
  readonly path: string;
  readonly roleid: string;
  readonly ugid: string;
  readonly propagate: boolean | 0 | 1;
}

interface Inputs {
  readonly proxmox: { readonly url: string };
  readonly path: string;
  readonly role: string;
  readonly propagate: boolean;
  readonly subjectsProveOwnership: boolean;
}

interface Client<AclEntry> {
  acl(): Promise<readonly AclEntry[]>;
}

/** What differs between the products. */
interface Differences<AclEntry, Wanted, AclClient> {
  /** Inputs with subjects, and their revisions. */
  readonly subjectInputs: readonly (keyof Wanted & string)[];
  subjectsOf(inputs: Wanted): readonly string[];
  /** Whether the inputs list the entry's subject. */
  lists(inputs: Wanted, entry: AclEntry): boolean;
  observeSubjects(entries: readonly AclEntry[]): Partial<Wanted>;
  /** Adds missing entries and sets `propagate`. */
  grant(client: AclClient, wanted: Wanted): Promise<void>;
  /** Deletes these entries, at least one. */
  revoke(client: AclClient, entries: readonly AclEntry[], inputs: Wanted): Promise<void>;
  /** Fails if the list of permissions may be incomplete. Without permissions it is empty, and proves nothing. */
  requireReadAccess(client: AclClient, inputs: Wanted, unseen: string): Promise<void>;
}

/** What the permissions of all products of Proxmox have in common. */
export function aclLifecycle<
  AclEntry extends Entry,
  Wanted extends Inputs,
  AclClient extends Client<AclEntry>,
>({
  subjectInputs,
  subjectsOf,
  lists,
  observeSubjects,
  ...product
}: Differences<AclEntry, Wanted, AclClient>) {
  const rights: readonly string[] = ["path", "role", "propagate", ...subjectInputs];

  /** Others may have the same role on the same path. This resource ignores their entries. */
  const isOneOf = (inputs: Wanted, entry: AclEntry) =>
    entry.path === inputs.path && entry.roleid === inputs.role && lists(inputs, entry);

  async function entriesOf(client: AclClient, inputs: Wanted): Promise<AclEntry[]> {
    return (await client.acl()).filter((entry) => isOneOf(inputs, entry));
  }

  async function revoke(
    client: AclClient,
    inputs: Wanted,
    isKept: (key: string) => boolean,
    concerns: (entry: AclEntry) => boolean = () => true,
  ): Promise<void> {
    const keyOf = ({ path, roleid, ugid }: AclEntry) => keyOn(inputs.proxmox, path, roleid, ugid);
    const own = await entriesOf(client, inputs);
    const entries = own.filter((entry) => concerns(entry) && !isKept(keyOf(entry)));
    if (entries.length > 0) await product.revoke(client, entries, inputs);
  }

  return {
    ownership: {
      keys: (inputs) =>
        subjectsOf(inputs).map((subject) => keyOn(inputs.proxmox, inputs.path, inputs.role, subject)),
      // An entry consists only of its path, role and subject, so an equal entry is the same one.
      matches: (_entries, _state, isElsewhere) => !isElsewhere,
    },
    replaceOn: [],
    secrets: [],
    id: ({ role, path }) => `${role} on ${path}`,

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
      await product.grant(client, wanted);
      return entriesOf(client, wanted);
    },

    async read(client, state) {
      const entries = await entriesOf(client, state);
      if (entries.length > 0 || subjectsOf(state).length === 0) return entries;
      const unseen = `the permissions on ${state.path}, so their state is unknown`;
      await product.requireReadAccess(client, state, unseen);
      return undefined;
    },

    async update(client, current, wanted, changed, { isKept }) {
      if (rights.some((input) => changed.has(input))) {
        await product.grant(client, wanted);
        // Revokes after granting, so nobody loses access in between.
        await revoke(client, current, isKept, (entry) => !isOneOf(wanted, entry));
      }
      return entriesOf(client, wanted);
    },

    delete: (client, state, { isKept }) => revoke(client, state, isKept),

    observe: (entries, { path, role, propagate }) => ({
      ...observeSubjects(entries),
      path,
      role,
      propagate: entries.every((entry) => Boolean(entry.propagate) === propagate) ? propagate : !propagate,
    }),

    outputs: () => ({}),
  } satisfies Partial<ResourceDefinition<z.ZodObject, AclEntry[], object, AclClient, Wanted>>;
}
