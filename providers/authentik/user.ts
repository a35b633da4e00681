import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { undefinedIfMissing } from "../core/gone";
import { keyOn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import { givenKeys } from "../core/unset";
import type { UserArgs } from "./args/user";
import {
  attributes,
  attributesChanged,
  hasForeignMark,
  isMarked,
  mergeAttributes,
  observeAttributes,
  ownershipMark,
} from "./attributes";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { fromWire, toWire } from "./fields";
import { askAuthentikVersion, authentikVersions } from "./versions";
import type { User as Remote } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  /** Login name of the user, unique in authentik. */
  username: z.string().trim().min(1).max(150),
  /** The name that other people see. */
  name: z.string().trim().default(""),
  /** E-mail address, also the claim `email`. */
  email: z
    .string()
    .trim()
    .regex(/^([^\s@]+@[^\s@]+)?$/, "must be an e-mail address")
    .default(""),
  /** Whether the user may log in. */
  isActive: z.boolean().default(true),
  /** `external` users see only one application; `service_account` is for programs. */
  type: z.enum(["internal", "external", "service_account"]).default("internal"),
  /** Folder under which users are listed. */
  path: z.string().trim().min(1).default("users"),
  attributes,
  /** Ids (`pk`) of the user's groups. Without this option, they stay unchanged. */
  groups: setOf(z.uuid()).optional(),
  /** Ids of the user's roles. Without this option, they stay unchanged. authentik 2025.12 and later. */
  roles: setOf(z.uuid()).optional(),
  /** Set when the user is created, and when you change it here. A password that the user sets later stays. */
  initialPassword: z.string().trim().min(1).optional(),
  ownershipMark,
  /** Take over a user who exists already. The password stays. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

interface Found {
  readonly user: Remote;
  /** Whether the password may be missing, because the creation was interrupted. */
  readonly mayLackPassword: boolean;
}

/** Names of the inputs in authentik's API. */
const fields = {
  username: "username",
  name: "name",
  email: "email",
  isActive: "is_active",
  type: "type",
  path: "path",
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

function body(wanted: Inputs, keys: ReadonlySet<string>): object {
  return {
    ...toWire(fields, wanted, keys),
    ...(keys.has("groups") && wanted.groups && { groups: wanted.groups }),
    ...(keys.has("roles") && wanted.roles && { roles: wanted.roles }),
  };
}

export const userDefinition: ResourceDefinition<
  typeof inputs,
  Found,
  { pk: number; uuid?: string },
  AuthentikClient
> = {
  type: "authentik:User",
  title: "authentik user",
  inputs,
  ownership: {
    keys: ({ authentik, pk }) => [keyOn(authentik, pk)],
    // The id is an integer, and a server that is installed again uses the same integers. The uuid is unique.
    matches: ({ user }, state) =>
      (state.uuid
        ? user.uuid === state.uuid
        : user.username === state.username || isMarked(user.attributes, state)) &&
      !hasForeignMark(user.attributes, state),
  },
  replaceOn: [],
  namesAreUnique: true,
  secrets: ["initialPassword"],
  versions: { server: "authentik", since: authentikVersions.user, ask: askAuthentikVersion },
  id: ({ username }) => username,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  async find(client, wanted) {
    const [user] = await client.users.list({ username: wanted.username, include_groups: "false" });
    if (user === undefined) return undefined;
    const ours = isMarked(user.attributes, wanted);
    return {
      remote: { user, mayLackPassword: ours },
      ours,
      description: `A user "${wanted.username}"`,
    };
  },

  async create(client, wanted) {
    const user = await client.users.create({
      ...body(wanted, givenKeys(wanted)),
      name: wanted.name,
      attributes: mergeAttributes({}, wanted, wanted),
    });
    try {
      await setInitialPassword(client, user.pk, wanted);
    } catch (error) {
      await undefinedIfMissing(client.users.delete(user.pk));
      throw error;
    }
    return { user, mayLackPassword: false };
  },

  async read(client, state) {
    const user = await undefinedIfMissing(client.users.get(state.pk));
    if (user === undefined) return undefined;
    // A refresh without drift must not change the state of an older version.
    const { uuid: _, ...withoutUuid } = user;
    return { user: state.uuid ? user : withoutUuid, mayLackPassword: false };
  },

  async update(client, current, wanted, changed) {
    if (changed.has("initialPassword")) await setInitialPassword(client, current.pk, wanted);
    const stored = attributesChanged(changed) && (await client.users.get(current.pk)).attributes;
    const user = await client.users.patch(current.pk, {
      ...body(wanted, changed),
      ...(stored && { attributes: mergeAttributes(stored, current, wanted) }),
    });
    return { user, mayLackPassword: false };
  },

  async delete(client, state) {
    await undefinedIfMissing(client.users.delete(state.pk));
  },

  observe: ({ user, mayLackPassword }, state) => ({
    ...fromWire(fields, user),
    ...observeAttributes(user.attributes, state),
    ...(state.groups && { groups: [...user.groups].sort() }),
    ...(state.roles && { roles: [...(user.roles ?? [])].sort() }),
    ...(mayLackPassword && { initialPassword: undefined }),
  }),

  outputs: ({ user: { pk, uuid } }) => ({ pk, ...(uuid && { uuid }) }),
};

async function setInitialPassword(client: AuthentikClient, pk: number, wanted: Inputs): Promise<void> {
  if (wanted.initialPassword !== undefined) await client.setPassword(pk, wanted.initialPassword);
}

export type { UserArgs };

/** A user of authentik. */
export class User extends DefinedResource<typeof inputs, UserArgs> {
  /** The id that bindings reference. */
  declare readonly pk: pulumi.Output<number>;
  declare readonly username: pulumi.Output<string>;

  constructor(name: string, args: UserArgs, options?: pulumi.CustomResourceOptions) {
    super(userDefinition, ["pk", "uuid"], name, args, options);
  }
}
