import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import { givenKeys, givenOrSet } from "../core/unset";
import type { ApplicationArgs } from "./args/application";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { fromWire, toWire } from "./fields";
import { askAuthentikVersion, authentikVersions } from "./versions";
import type { Application as Remote } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  /** The name that users see. Not unique. */
  name: z.string().trim().min(1),
  /**
   * Part of the issuer, `…/application/o/<slug>/`, and of every URL of the application. Unique. authentik reserves
   * some words, and allows at most 50 characters before 2025.12.
   */
  slug: z.string().regex(/^[-a-zA-Z0-9_]+$/, "may have only letters, digits, `-` and `_`"),
  /** Id (`pk`) of its provider. A provider belongs to one application. */
  provider: z.int().optional(),
  /** Ids (`pk`) of additional backchannel providers, such as SCIM and LDAP. */
  backchannelProviders: z
    .array(z.int())
    .default([])
    .transform((ids) => [...new Set(ids)].sort((a, b) => a - b)),
  /** Target of a click on the application. If empty, authentik derives it from the redirect URIs. */
  launchUrl: z.string().trim().default(""),
  /** Whether the click opens a new tab. */
  openInNewTab: z.boolean().default(false),
  /** Text below the name in the users' list. */
  description: z.string().trim().default(""),
  /** Publisher of the application, shown in the users' list. */
  publisher: z.string().trim().default(""),

  /** Heading under which the application is listed. */
  group: z.string().trim().default(""),
  /** URL, path in authentik's storage, or `fa://` name. */
  icon: z.string().trim().min(1).optional(),
  /** Hide it from the users' list. authentik 2026.5 and later. */
  hide: z.boolean().optional(),
  /** Whether any or all bindings must pass. */
  policyEngineMode: z.enum(["any", "all"]).default("any"),
  /**
   * Client ID of its provider. With another one, another stack has taken the application over, and a delete leaves it
   * there.
   */
  clientId: z.string().min(1).optional(),
  /** Whether its provider proves that an existing application belongs to the stack. */
  providerProvesOwnership: z.boolean().default(false),
  /** Take over an application that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

/** Names of the inputs in authentik's API. */
const fields = {
  backchannelProviders: "backchannel_providers",
  name: "name",
  slug: "slug",
  launchUrl: "meta_launch_url",
  openInNewTab: "open_in_new_tab",
  description: "meta_description",
  publisher: "meta_publisher",
  group: "group",
  policyEngineMode: "policy_engine_mode",
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

function body(wanted: Inputs, keys: ReadonlySet<string>): object {
  return {
    ...toWire(fields, wanted, keys),
    ...(keys.has("provider") && { provider: wanted.provider ?? null }),
    ...(keys.has("icon") && { meta_icon: wanted.icon ?? "" }),
    ...(keys.has("hide") && { meta_hide: wanted.hide ?? false }),
  };
}

/** Before 2025.12, a separate call sets authentik's icon, and answers lack the field `meta_icon_url`. */
function takesIconApart(remote: Remote): boolean {
  return remote.meta_icon_url === undefined;
}

async function withIcon(
  client: AuthentikClient,
  remote: Remote,
  wanted: Inputs,
  keys: ReadonlySet<string>,
): Promise<Remote> {
  if (!keys.has("icon") || !takesIconApart(remote)) return remote;
  await client.setApplicationIcon(remote.slug, wanted.icon ?? "");
  return client.applications.get(remote.slug);
}

/** The icon in the form of `icon`. Before 2025.12, authentik shows a stored icon by its public URL. */
function iconOf(remote: Remote, given: string | undefined): string | null {
  const { meta_icon: shown } = remote;
  if (!takesIconApart(remote) || !given || !shown) return shown;
  return shown.replace(/\?.*/, "").endsWith(`/${given}`) ? given : shown;
}

/** Finds an application whose slug was changed in authentik: its provider refers to it, even if the list omits it. */
async function renamed(
  client: AuthentikClient,
  { pk, provider }: { pk: string; provider?: number | undefined },
): Promise<Remote | undefined> {
  const itsProvider = provider ? await undefinedIfMissing(client.oauth2Providers.get(provider)) : undefined;
  const slug = itsProvider?.assigned_application_slug;
  const found = slug ? await undefinedIfMissing(client.applications.get(slug)) : undefined;
  if (found?.pk === pk) return found;
  return (await client.applications.all()).find((one) => one.pk === pk);
}

/** A stack that adopts both keeps their ids, and sets its own client ID. */
async function isTakenOver(client: AuthentikClient, remote: Remote, { clientId }: Inputs): Promise<boolean> {
  if (clientId === undefined || remote.provider === null) return false;
  const provider = await undefinedIfMissing(client.oauth2Providers.read(remote.provider));
  return provider !== undefined && provider.client_id !== clientId;
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
  ownership: {
    keys: ({ pk }) => [pk],
    matches: (remote, { pk }) => remote.pk === pk,
    // A stack that adopts an application sets its own provider.
    mayDelete: (remote, { provider }) => remote.provider === null || remote.provider === (provider ?? null),
  },
  comparedOnceRecorded: ["clientId"],
  replaceOn: [],
  namesAreUnique: true,
  secrets: [],
  versions: { server: "authentik", since: authentikVersions.application, ask: askAuthentikVersion },
  id: ({ slug }) => slug,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  async find(client, wanted) {
    const remote = await undefinedIfMissing(client.applications.get(wanted.slug));
    if (remote === undefined) return undefined;
    return {
      remote,
      ours: wanted.providerProvesOwnership && remote.provider === wanted.provider,
      description: `An application "${remote.name}" with the slug "${wanted.slug}"`,
    };
  },

  async create(client, wanted) {
    const keys = givenKeys(wanted);
    return withIcon(client, await client.applications.create(body(wanted, keys)), wanted, keys);
  },
  async read(client, state) {
    const remote = await undefinedIfMissing(client.applications.read(state.slug));
    if (remote?.pk === state.pk) return remote;
    return (await renamed(client, state)) ?? remote;
  },
  async update(client, _current, wanted, changed, { remote }) {
    const patched = await client.applications.patch(remote.slug, body(wanted, changed));
    return withIcon(client, patched, wanted, changed);
  },

  async delete(client, state, { remote }) {
    if (await isTakenOver(client, remote, state)) {
      console.log(`The authentik application "${remote.slug}" stays: somebody else has taken it over.`);
      return;
    }
    await undefinedIfMissing(client.applications.delete(remote.slug));
  },

  observe: (remote, state) => ({
    ...fromWire(fields, remote),
    backchannelProviders: [...remote.backchannel_providers].sort((a, b) => a - b),
    provider: remote.provider ?? undefined,
    hide: givenOrSet(remote.meta_hide, false, state.hide),
    icon: givenOrSet(iconOf(remote, state.icon), "", state.icon),
  }),

  outputs: (remote) => ({ pk: remote.pk }),
};

export type { ApplicationArgs };

/** An application of authentik: the entry that users see and open, with its provider. */
export class Application extends DefinedResource<typeof inputs, ApplicationArgs> {
  /** The uuid that bindings reference. */
  declare readonly pk: pulumi.Output<string>;
  declare readonly slug: pulumi.Output<string>;

  constructor(name: string, args: ApplicationArgs, options?: pulumi.CustomResourceOptions) {
    super(applicationDefinition, ["pk"], name, args, options);
  }
}
