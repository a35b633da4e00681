import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { unlessGone } from "../core/gone";
import { type ArgsOf, DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { unlessUnknownTarget } from "./policyBinding";
import type { PolicyBinding } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  /** Id (`pk`) of what the bindings restrict: an application, say. */
  target: z.uuid(),
  /** Ids (`pk`) of all bindings that it shall have: any other one lets in, or keeps out, somebody else. */
  bindings: setOf(z.uuid()).refine(
    (pks) => pks.length > 0,
    "must have at least one, since an application without bindings lets everybody in",
  ),
});

type Inputs = z.output<typeof inputs>;

interface Remote {
  /** As they were given at the last write: that they exist is what each `PolicyBinding` sees to. */
  readonly own: string[];
  readonly others: readonly PolicyBinding[];
}

export const exclusiveBindingsDefinition: ResourceDefinition<
  typeof inputs,
  Remote,
  { own: string[] },
  AuthentikClient
> = {
  type: "authentik:ExclusiveBindings",
  title: "list of an authentik application's bindings",
  inputs,
  replaceOn: [],
  secrets: [],
  id: ({ target }) => target,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),
  find: async () => undefined,
  create: removeOthers,

  async read(client, { target, own }) {
    const bindings = client.policyBindings.readWhere({ target }, (binding) => binding.target === target);
    const others = othersAmong(await unlessUnknownTarget(bindings), own);
    for (const other of others) {
      console.log(`Bound, but not declared: ${subjectOf(other)}. The next up removes this binding.`);
    }
    return { own, others };
  },

  update: (client, _current, wanted) => removeOthers(client, wanted),
  delete: async () => {},
  observe: ({ own, others }) => ({ bindings: [...own, ...others.map(({ pk }) => pk)].sort() }),
  outputs: ({ own }) => ({ own }),
};

async function removeOthers(client: AuthentikClient, { target, bindings }: Inputs): Promise<Remote> {
  const existing = await unlessUnknownTarget(client.policyBindings.list({ target }));
  const others = othersAmong(existing, bindings);
  if (others.length > 0 && !existing.some(({ pk, enabled }) => enabled && bindings.includes(pk))) {
    throw new UserError(
      "none of its bindings is there any more, so that without the others everybody could log in. " +
        "Run pulumi refresh, then pulumi up, which makes them again.",
    );
  }
  for (const other of others) {
    await unlessGone(client.policyBindings.delete(other.pk));
    console.log(`Removed a binding that is not declared: ${subjectOf(other)}.`);
  }
  return { own: bindings, others: [] };
}

function othersAmong(bindings: readonly PolicyBinding[], own: readonly string[]): PolicyBinding[] {
  return bindings.filter(({ pk }) => !own.includes(pk));
}

function subjectOf({ group_obj, user_obj, policy_obj, negate, enabled }: PolicyBinding): string {
  const subject = group_obj
    ? `the group "${group_obj.name}"`
    : user_obj
      ? `the user "${user_obj.username}"`
      : `the policy "${policy_obj?.name ?? "without a name"}"`;
  return [subject, negate && "negated", !enabled && "disabled"].filter(Boolean).join(", ");
}

export type ExclusiveBindingsArgs = ArgsOf<typeof inputs>;

/**
 * Sees to it that an application has no bindings but these: one that is made by hand is shown by a refresh and
 * removed by an `up`. Deleting it leaves all bindings alone.
 */
export class ExclusiveBindings extends DefinedResource<typeof inputs> {
  declare readonly bindings: pulumi.Output<string[]>;

  constructor(name: string, args: ExclusiveBindingsArgs, options?: pulumi.CustomResourceOptions) {
    super(exclusiveBindingsDefinition, ["own"], name, args, options);
  }
}
