import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { nothingToOwn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import type { ExclusiveBindingsArgs } from "./args/exclusiveBindings";
import { ownershipMark } from "./attributes";
import type { AuthentikClient } from "./client";
import { deleteClosingGroup, ensureClosingBinding, isClosing } from "./closingBinding";
import { authentikConnection, connectAuthentik } from "./connection";
import { unlessUnknownTarget } from "./policyBinding";
import type { PolicyBinding } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  /** Id (`pk`) of the object that the bindings restrict, such as an application. */
  target: z.uuid(),
  /** Ids (`pk`) of all bindings. Any other binding is drift. */
  bindings: setOf(z.uuid()).refine(
    (pks) => pks.length > 0,
    "must have at least one, since an application without bindings lets everybody in",
  ),
  /** Whether to remove bindings that are not listed. */
  removeOthers: z.boolean().default(true),
  /**
   * Name of a group without members that gets a binding too. It lets nobody in, and keeps the application closed if
   * all other bindings are gone. Use it only with the policy engine mode `any`. With `all` it locks everybody out.
   */
  closingGroup: z.string().trim().min(1).optional(),
  /** Random text that proves that a group of this name belongs to the stack. */
  ownershipMark,
});

type Inputs = z.output<typeof inputs>;

interface Remote {
  /** The bindings of the last write. Each `PolicyBinding` checks whether its own binding exists. */
  readonly own: string[];
  readonly others: readonly PolicyBinding[];
  /** Whether the application stays closed without the other bindings. */
  readonly isClosed: boolean;
  /** The closing group that was created. If a refresh finds no binding of it, it shows no group as the input. */
  readonly madeGroup: string | undefined;
}

export const exclusiveBindingsDefinition: ResourceDefinition<
  typeof inputs,
  Remote,
  { own: string[]; madeGroup?: string | undefined },
  AuthentikClient
> = {
  type: "authentik:ExclusiveBindings",
  title: "list of an authentik application's bindings",
  inputs,
  ownership: nothingToOwn,
  notCompared: ["ownershipMark"],
  comparedOnceRecorded: ["closingGroup"],
  staysWhileDeclared: true,
  replaceOn: [],
  secrets: [],
  id: ({ target }) => target,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),
  find: async () => undefined,
  create: applyDeclared,

  async read(client, state) {
    const { target, own, removeOthers, closingGroup } = state;
    const listed = client.policyBindings.readWhere({ target }, (binding) => binding.target === target);
    const bindings = await unlessUnknownTarget(listed);
    reportGranted(bindings);
    reportMissing(bindings, state);
    const others = removeOthers ? othersAmong(bindings, own, closingGroup) : [];
    for (const other of others) {
      console.log(`Bound, but not declared: ${subjectOf(other)}. The next up removes this binding.`);
    }
    const isClosed = bindings.some((binding) => isClosing(binding, closingGroup));
    return { own, others, isClosed, madeGroup: closingGroup || state.madeGroup };
  },

  async update(client, current, wanted) {
    const brought = await applyDeclared(client, wanted);
    const before = current.closingGroup || current.madeGroup;
    // Called after the application's slug, it is another one when that changes.
    if (before !== wanted.closingGroup) await deleteClosingGroup(client, before, current.ownershipMark);
    return brought;
  },
  delete: (client, { closingGroup, madeGroup, ownershipMark }) =>
    deleteClosingGroup(client, closingGroup || madeGroup, ownershipMark),

  observe: ({ own, others, isClosed }, state) => ({
    bindings: [...own, ...others.map(({ pk }) => pk)].sort(),
    ...(state.closingGroup !== undefined && { closingGroup: isClosed ? state.closingGroup : "" }),
  }),

  outputs: ({ own, madeGroup }) => ({ own, ...(madeGroup && { madeGroup }) }),
};

async function applyDeclared(client: AuthentikClient, wanted: Inputs): Promise<Remote> {
  const { target, bindings, removeOthers, closingGroup } = wanted;
  const existing = await unlessUnknownTarget(client.policyBindings.list({ target }));
  await ensureClosingBinding(client, wanted, existing);
  const others = removeOthers ? othersAmong(existing, bindings, closingGroup) : [];
  const isClosed = closingGroup !== undefined;
  if (
    !isClosed &&
    others.length > 0 &&
    !existing.some(({ pk, enabled }) => enabled && bindings.includes(pk))
  ) {
    throw new UserError(
      "none of its bindings exists any longer. Without the others, everybody could log in. " +
        "Run pulumi refresh, then pulumi up, which creates them again.",
    );
  }
  const missing = missingAmong(bindings, existing);
  if (missing > 0) {
    console.log(
      `${missing} of the ${bindings.length} declared bindings ${missing === 1 ? "is" : "are"} gone, and the members of their groups cannot log in. Run pulumi refresh, then pulumi up.`,
    );
  }
  for (const other of others) {
    await undefinedIfMissing(client.policyBindings.delete(other.pk));
    console.log(`Removed a binding that is not declared: ${subjectOf(other)}.`);
  }
  return { own: bindings, others: [], isClosed, madeGroup: closingGroup };
}

function othersAmong(
  bindings: readonly PolicyBinding[],
  own: readonly string[],
  closingGroup: string | undefined,
): PolicyBinding[] {
  return bindings.filter(
    (binding) => !binding.expiring && !own.includes(binding.pk) && !isClosing(binding, closingGroup),
  );
}

function missingAmong(own: readonly string[], existing: readonly PolicyBinding[]): number {
  return own.filter((pk) => !existing.some((binding) => binding.pk === pk)).length;
}

/** Reports the consequence of missing bindings. Their own resources report which ones are missing. */
function reportMissing(existing: readonly PolicyBinding[], { own, closingGroup }: Missing): void {
  const missing = missingAmong(own, existing);
  if (missing > 0) {
    console.log(
      `${missing} of the ${own.length} declared bindings ${missing === 1 ? "is" : "are"} gone: until the next up, the members of their groups cannot log in.`,
    );
  }
  if (existing.length === 0) {
    console.log("No binding is left: until the next up, everybody with an account in authentik may log in.");
  } else if (closingGroup !== undefined && !existing.some((binding) => isClosing(binding, closingGroup))) {
    console.log(
      `The binding of the group "${closingGroup}", which keeps the application closed, is gone. The next up creates it again.`,
    );
  }
}

type Missing = Pick<Inputs, "closingGroup"> & { own: readonly string[] };

/** Bindings from a request for temporary access stay. */
function reportGranted(bindings: readonly PolicyBinding[]): void {
  for (const granted of bindings.filter(({ expiring }) => expiring)) {
    console.log(
      `Granted until ${granted.expires}: ${subjectOf(granted)}. authentik ends this access itself; an up keeps it.`,
    );
  }
}

function subjectOf({ group_obj, user_obj, policy_obj, negate, enabled }: PolicyBinding): string {
  const subject = group_obj
    ? `the group "${group_obj.name}"`
    : user_obj
      ? `the user "${user_obj.username}"`
      : `the policy "${policy_obj?.name ?? "without a name"}"`;
  return [subject, negate && "negated", !enabled && "disabled"].filter(Boolean).join(", ");
}

export type { ExclusiveBindingsArgs };

/**
 * Keeps an application's bindings exactly as listed. A refresh shows a binding made by hand, and an `up` removes it.
 * The application stays closed even if all bindings are deleted. Access that was granted for a limited time stays.
 * Deleting this resource changes no binding.
 */
export class ExclusiveBindings extends DefinedResource<typeof inputs, ExclusiveBindingsArgs> {
  declare readonly bindings: pulumi.Output<string[]>;

  constructor(name: string, args: ExclusiveBindingsArgs, options?: pulumi.CustomResourceOptions) {
    super(exclusiveBindingsDefinition, ["own"], name, args, options);
  }
}
