import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import { givenKeys } from "../core/unset";
import type { ScopeMappingArgs } from "./args/scopeMapping";
import { ownershipMark } from "./attributes";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { fromWire, toWire } from "./fields";
import type { ScopeMapping as Remote } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  /** Name of the mapping, unique among all property mappings of authentik. */
  name: z.string().trim().min(1),
  /** The scope with which a client requests the claims. */
  scopeName: z.string().trim().min(1),
  /** Python that returns the claims as a dictionary. */
  expression: z.string().trim().min(1),
  /** Text of the consent that a user is asked for. Without one, the scope is hidden. */
  description: z.string().trim().default(""),
  /** Random text in a comment of the expression. It proves that an existing mapping belongs to the stack. */
  ownershipMark,
  /** Take over a mapping that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

/** Names of the inputs in authentik's API. */
const fields = {
  name: "name",
  scopeName: "scope_name",
  expression: "expression",
  description: "description",
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

const markInExpression = /^# proxmox-authentik-sso (\S+)$/m;

/** Whether the mapping belongs to another stack: its mark differs from the one in the state. */
function hasForeignMark(expression: string, mark: string | undefined): boolean {
  const [, stored] = markInExpression.exec(expression) ?? [];
  return stored !== undefined && stored !== mark;
}

export const scopeMappingDefinition: ResourceDefinition<
  typeof inputs,
  Remote,
  { pk: string },
  AuthentikClient
> = {
  type: "authentik:ScopeMapping",
  title: "authentik scope mapping",
  inputs,
  ownership: {
    keys: ({ pk }) => [pk],
    matches: (remote, { pk, ownershipMark }) =>
      remote.pk === pk && !hasForeignMark(remote.expression, ownershipMark),
  },
  replaceOn: [],
  namesAreUnique: true,
  secrets: [],
  id: ({ name }) => name,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  async find(client, wanted) {
    const [remote] = await client.scopeMappings.list({ name: wanted.name });
    if (remote === undefined) return undefined;
    return {
      remote,
      ours: wanted.ownershipMark !== undefined && remote.expression.includes(wanted.ownershipMark),
      description: `A scope mapping "${wanted.name}"`,
    };
  },

  create: (client, wanted) => client.scopeMappings.create(toWire(fields, wanted, givenKeys(wanted))),
  read: (client, state) => undefinedIfMissing(client.scopeMappings.read(state.pk)),
  update: (client, current, wanted, changed) =>
    client.scopeMappings.patch(current.pk, toWire(fields, wanted, changed)),

  async delete(client, state) {
    await undefinedIfMissing(client.scopeMappings.delete(state.pk));
  },

  observe: (remote) => fromWire(fields, remote),
  outputs: ({ pk }) => ({ pk }),
};

export type { ScopeMappingArgs };

/** The claims that authentik adds to tokens for a scope. */
export class ScopeMapping extends DefinedResource<typeof inputs, ScopeMappingArgs> {
  /** The uuid that providers reference. */
  declare readonly pk: pulumi.Output<string>;

  constructor(name: string, args: ScopeMappingArgs, options?: pulumi.CustomResourceOptions) {
    super(scopeMappingDefinition, ["pk"], name, args, options);
  }
}
