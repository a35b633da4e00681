import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { RejectedError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import { SharedList } from "../core/sharedList";
import { givenKeys } from "../core/unset";
import type { PolicyBindingArgs } from "./args/policyBinding";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { fromWire, toWire } from "./fields";
import type { PolicyBinding as Remote } from "./wire";

const largestInteger = 2_147_483_647;
const subjects = ["policy", "group", "user"] as const;

const inputs = z.object({
  authentik: authentikConnection,
  /** Id (`pk`) of the object that it restricts, such as an application. */
  target: z.uuid(),
  /** Id of a policy. A binding has exactly one of `policy`, `group` and `user`. */
  policy: z.uuid().optional(),
  /** Id (`pk`) of a group. Its members pass, and so do members of its child groups. */
  group: z.uuid().optional(),
  /** Id (`pk`) of a user. */
  user: z.int().optional(),
  /** Order in which authentik evaluates the bindings of a target. Bindings of groups and users may share one. */
  order: z.int().min(-largestInteger).max(largestInteger).default(0),
  /** Whether to invert the result. */
  negate: z.boolean().default(false),
  /** Whether authentik evaluates the binding. */
  enabled: z.boolean().default(true),
  /** Seconds after which the evaluation of a policy fails. */
  timeout: z.int().min(0).max(largestInteger).default(30),
  /** The result if a policy fails. */
  failureResult: z.boolean().default(false),
  /** Whether its target proves that an existing equal binding belongs to the stack. */
  targetProvesOwnership: z.boolean().default(false),
  /** Take over an equal binding that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

/** Names of the inputs in authentik's API. */
const fields = {
  target: "target",
  policy: "policy",
  group: "group",
  user: "user",
  order: "order",
  negate: "negate",
  enabled: "enabled",
  timeout: "timeout",
  failureResult: "failure_result",
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

/** authentik requires target and subject in every change, and keeps the old subject unless the request clears it. */
function change(wanted: Inputs, changed: ReadonlySet<string>): object {
  const { target, policy = null, group = null, user = null } = wanted;
  return { ...toWire(fields, wanted, changed), target, policy, group, user };
}

export const policyBindingDefinition: ResourceDefinition<
  typeof inputs,
  Remote,
  { pk: string },
  AuthentikClient
> = {
  type: "authentik:PolicyBinding",
  title: "authentik policy binding",
  inputs,
  ownership: { keys: ({ pk }) => [pk], matches: (remote, { pk }) => remote.pk === pk },
  replaceOn: [],
  secrets: [],
  id: (wanted) => `${wanted.target} to ${subjectOf(wanted)}`,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  validate(wanted) {
    const given = subjects.filter((subject) => wanted[subject] !== undefined);
    const property = given.at(-1) ?? "group";
    return given.length === 1
      ? []
      : [{ property, reason: "give exactly one of `policy`, `group` and `user`" }];
  },

  async find(client, wanted) {
    const equal = (await bindingsOf(client, wanted.target).items()).find(
      // A temporary binding expires, so it cannot replace this one.
      (binding) => !binding.expiring && subjectOf(binding) === subjectOf(wanted),
    );
    if (equal === undefined) return undefined;
    return {
      remote: equal,
      ours: wanted.targetProvesOwnership,
      description: `A binding of ${subjectOf(wanted)} to ${wanted.target}`,
    };
  },

  create,
  read: (client, state) => undefinedIfMissing(client.policyBindings.read(state.pk)),

  async update(client, current, wanted, changed) {
    if (!Object.keys(fields).some((key) => changed.has(key))) return client.policyBindings.get(current.pk);
    try {
      return await client.policyBindings.patch(current.pk, change(wanted, changed));
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      // authentik can create a binding with the same order as another, but cannot change it. The new binding is
      // created first, because without bindings everybody has access.
      const remote = await create(client, wanted);
      await undefinedIfMissing(client.policyBindings.delete(current.pk));
      return remote;
    }
  },

  async delete(client, state) {
    await undefinedIfMissing(client.policyBindings.delete(state.pk));
  },

  observe: (remote) => ({
    ...fromWire(fields, remote),
    policy: remote.policy ?? undefined,
    group: remote.group ?? undefined,
    user: remote.user ?? undefined,
  }),

  outputs: ({ pk }) => ({ pk }),
};

type Subject = Partial<Record<(typeof subjects)[number], string | number | null | undefined>>;

function subjectOf(binding: Subject): string {
  const subject = subjects.find((kind) => (binding[kind] ?? null) !== null);
  return subject ? `${subject} ${binding[subject]}` : "nobody";
}

const lists = new WeakMap<AuthentikClient, Map<string, SharedList<Remote>>>();

/** The bindings of one target. Simultaneous searches share one list. */
function bindingsOf(client: AuthentikClient, target: string): SharedList<Remote> {
  const ofClient = lists.get(client) ?? new Map<string, SharedList<Remote>>();
  lists.set(client, ofClient);
  const list =
    ofClient.get(target) ?? new SharedList(() => unlessUnknownTarget(client.policyBindings.list({ target })));
  ofClient.set(target, list);
  return list;
}

/** authentik refuses a filter with an unknown target. */
export async function unlessUnknownTarget(list: Promise<Remote[]>): Promise<Remote[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof RejectedError) return [];
    throw error;
  }
}

function create(client: AuthentikClient, wanted: Inputs): Promise<Remote> {
  const made = client.policyBindings.create(toWire(fields, wanted, givenKeys(wanted)));
  return bindingsOf(client, wanted.target).changedBy(made);
}

export type { PolicyBindingArgs };

/** Gives a group, a user, or the users that a policy accepts access to an application. */
export class PolicyBinding extends DefinedResource<typeof inputs, PolicyBindingArgs> {
  /** Its uuid. */
  declare readonly pk: pulumi.Output<string>;

  constructor(name: string, args: PolicyBindingArgs, options?: pulumi.CustomResourceOptions) {
    super(policyBindingDefinition, ["pk"], name, args, options);
  }
}
