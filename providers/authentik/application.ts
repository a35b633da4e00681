import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { unlessGone } from "../core/gone";
import { type ArgsOf, DefinedResource } from "../core/resource";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import type { Application as Remote } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  name: z.string().trim().min(1),
  /** Part of the issuer, `…/application/o/<slug>/`, and of every URL of the application. */
  slug: z
    .string()
    .max(50)
    .regex(/^[-a-zA-Z0-9_]+$/, "may have only letters, digits, `-` and `_`"),
  /** Id (`pk`) of the OAuth2 provider. A provider belongs to one application. */
  provider: z.int(),
  /** Where a click on the application leads; derived from the redirect URIs when empty. */
  launchUrl: z.string().trim().default(""),
  openInNewTab: z.boolean().default(false),
  description: z.string().trim().default(""),
  publisher: z.string().trim().default(""),
  /** Heading under which the application is listed. */
  group: z.string().trim().default(""),
  /** Whether any or all bindings must pass. */
  policyEngineMode: z.enum(["any", "all"]).default("any"),
  /** Whether its provider proves that an application found in place is ours: we made the provider. */
  providerProvesOwnership: z.boolean().default(false),
  /** Bring an application that exists already under this stack. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

/** Inputs by their name on the wire. */
const fields = {
  name: "name",
  slug: "slug",
  provider: "provider",
  launchUrl: "meta_launch_url",
  openInNewTab: "open_in_new_tab",
  description: "meta_description",
  publisher: "meta_publisher",
  group: "group",
  policyEngineMode: "policy_engine_mode",
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

function body(wanted: Inputs, keys: ReadonlySet<string>): object {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([key]) => keys.has(key))
      .map(([key, name]) => [name, wanted[key as keyof typeof fields]]),
  );
}

export const applicationDefinition: ResourceDefinition<
  typeof inputs,
  Remote,
  { pk: string },
  AuthentikClient
> = {
  type: "authentik:Application",
  title: "authentik application",
  inputs,
  replaceOn: [],
  namesAreUnique: true,
  secrets: [],
  id: ({ slug }) => slug,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  async find(client, wanted) {
    const remote = await unlessGone(client.applications.get(wanted.slug));
    if (remote === undefined) return undefined;
    return {
      remote,
      ours: wanted.providerProvesOwnership && remote.provider === wanted.provider,
      description: `An application "${remote.name}" with the slug "${wanted.slug}"`,
    };
  },

  create: (client, wanted) => client.applications.create(body(wanted, new Set(Object.keys(fields)))),
  read: (client, state) => unlessGone(client.applications.get(state.slug)),
  update: (client, current, wanted, changed) =>
    client.applications.patch(current.slug, body(wanted, changed)),

  async delete(client, state) {
    await unlessGone(client.applications.delete(state.slug));
  },

  observe: (remote) => ({
    ...Object.fromEntries(Object.entries(fields).map(([key, name]) => [key, remote[name]])),
  }),

  outputs: (remote) => ({ pk: remote.pk }),
};

export type ApplicationArgs = ArgsOf<typeof inputs>;

/** An application of authentik: what a user sees and may open, in front of a provider. */
export class Application extends DefinedResource<typeof inputs> {
  /** Its uuid, which bindings refer to. */
  declare readonly pk: pulumi.Output<string>;
  declare readonly slug: pulumi.Output<string>;

  constructor(name: string, args: ApplicationArgs, options?: pulumi.CustomResourceOptions) {
    super(applicationDefinition, ["pk"], name, args, options);
  }
}
