import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import { givenKeys } from "../core/unset";
import type { BrandArgs } from "./args/brand";
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
import { flowId } from "./references";
import { askAuthentikVersion, authentikVersions } from "./versions";
import type { Brand as Remote } from "./wire";

const text = z.string().trim().min(1).optional();
const flow = z.string().min(1).optional();

/** Inputs that are not set stay unchanged, so adopting the default brand changes only the inputs that are set. */
const inputs = z.object({
  authentik: authentikConnection,
  /** The host name of the brand. It includes the names below. Unique in authentik. */
  domain: z.string().trim().min(1),
  /** Whether the brand applies to every other host name. Only one brand can. */
  default: z.boolean().optional(),
  /** Title of its pages. */
  title: text,
  /** URL of the logo, or its path in authentik's storage. */
  logo: text,
  /** URL of the icon of the browser's tab, or its path in authentik's storage. */
  favicon: text,
  /** CSS for authentik's own pages. authentik 2025.2 and later. */
  customCss: z.string().trim().optional(),
  /** URL of the picture behind login pages, or its path in authentik's storage. authentik 2025.2 and later. */
  flowBackground: text,
  /** URL template of the tiles of the map of events. authentik 2026.8 and later. */
  mapTiles: z.string().trim().optional(),
  /** Slug or id of the flow for a login. */
  authenticationFlow: flow,
  /** Slug or id of the flow for a logout. */
  invalidationFlow: flow,
  /**
   * Slug or id of the flow for users who have forgotten their password. Without one, the login page has no such link.
   */
  recoveryFlow: flow,
  /** Slug or id of the flow for deleting an account. */
  unenrollmentFlow: flow,
  /** Slug or id of the flow for users' settings. */
  userSettingsFlow: flow,
  /** Slug or id of the flow for the code of a device. */
  deviceCodeFlow: flow,
  /** Slug or id of the flow that locks an account. authentik 2026.5 and later. */
  lockdownFlow: flow,
  /** Slug or id of the flow that the API calls `flow_request`. authentik 2026.8 and later. */
  requestFlow: flow,
  /** Slug or id of the flow for changing to another account. authentik 2026.8 and later. */
  userSwitchFlow: flow,
  /** Id (`pk`) of the application that external users are redirected to. */
  defaultApplication: z.uuid().optional(),
  /** Id (`pk`) of the certificate to serve. Omit it if a `WebCertificate` sets it. */
  webCertificate: z.uuid().optional(),
  /** Ids (`pk`) of the certificates that verify clients' certificates. authentik 2025.4 and later. */
  clientCertificates: setOf(z.uuid()).optional(),
  attributes,
  ownershipMark,
  /** Take over a brand that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

const flows = {
  authenticationFlow: "flow_authentication",
  invalidationFlow: "flow_invalidation",
  recoveryFlow: "flow_recovery",
  unenrollmentFlow: "flow_unenrollment",
  userSettingsFlow: "flow_user_settings",
  deviceCodeFlow: "flow_device_code",
  lockdownFlow: "flow_lockdown",
  requestFlow: "flow_request",
  userSwitchFlow: "flow_user_switch",
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

/** Names of the inputs in authentik's API, with the values of a new brand for inputs that are not set. */
const fields = {
  domain: { name: "domain", fresh: "" },
  default: { name: "default", fresh: false },
  title: { name: "branding_title", fresh: "authentik" },
  logo: { name: "branding_logo", fresh: "/static/dist/assets/icons/icon_left_brand.svg" },
  favicon: { name: "branding_favicon", fresh: "/static/dist/assets/icons/icon.png" },
  customCss: { name: "branding_custom_css", fresh: "" },
  flowBackground: {
    name: "branding_default_flow_background",
    fresh: "/static/dist/assets/images/flow_background.jpg",
  },
  mapTiles: { name: "branding_map_tiles", fresh: "" },
  defaultApplication: { name: "default_application", fresh: null },
  webCertificate: { name: "web_certificate", fresh: null },
} as const satisfies Partial<Record<keyof Inputs, { name: keyof Remote; fresh: unknown }>>;

/** A brand whose flows have the names that the inputs use. */
interface Resolved {
  readonly brand: Remote;
  readonly flows: Partial<Inputs>;
}

async function resolve(client: AuthentikClient, brand: Remote, wanted: Inputs): Promise<Resolved> {
  const named = Object.entries(flows).map(async ([key, name]) => {
    const reference = wanted[key as keyof typeof flows];
    if (reference === undefined) return [];
    const id = brand[name] ?? undefined;
    return [[key, id === (await flowId(client, reference)) ? reference : id]];
  });
  return { brand, flows: Object.fromEntries((await Promise.all(named)).flat()) };
}

async function body(client: AuthentikClient, wanted: Inputs, keys: ReadonlySet<string>): Promise<object> {
  const data: Record<string, unknown> = {};
  for (const [key, { name, fresh }] of Object.entries(fields)) {
    if (keys.has(key)) data[name] = wanted[key as keyof typeof fields] ?? fresh;
  }
  for (const [key, name] of Object.entries(flows)) {
    const reference = wanted[key as keyof typeof flows];
    if (keys.has(key)) data[name] = reference === undefined ? null : await flowId(client, reference);
  }
  if (keys.has("clientCertificates")) data.client_certificates = wanted.clientCertificates ?? [];
  return data;
}

export const brandDefinition: ResourceDefinition<typeof inputs, Resolved, { pk: string }, AuthentikClient> = {
  type: "authentik:Brand",
  title: "authentik brand",
  inputs,
  ownership: {
    keys: ({ pk }) => [pk],
    matches: ({ brand }, state) => brand.brand_uuid === state.pk && !hasForeignMark(brand.attributes, state),
  },
  replaceOn: [],
  namesAreUnique: true,
  secrets: [],
  versions: { server: "authentik", since: authentikVersions.brand, ask: askAuthentikVersion },
  id: ({ domain }) => domain,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  async find(client, wanted) {
    const [brand] = await client.brands.list({ domain: wanted.domain });
    if (brand === undefined) return undefined;
    return {
      remote: await resolve(client, brand, wanted),
      ours: isMarked(brand.attributes, wanted),
      description: `A brand for "${wanted.domain}"`,
    };
  },

  async create(client, wanted) {
    const brand = await client.brands.create({
      ...(await body(client, wanted, givenKeys(wanted))),
      attributes: mergeAttributes({}, wanted, wanted),
    });
    return resolve(client, brand, wanted);
  },

  async read(client, state) {
    const brand = await undefinedIfMissing(client.brands.get(state.pk));
    return brand && resolve(client, brand, state);
  },

  async update(client, current, wanted, changed) {
    const data = await body(client, wanted, changed);
    const stored = attributesChanged(changed) && (await client.brands.get(current.pk)).attributes;
    const brand = await client.brands.patch(current.pk, {
      ...data,
      ...(stored && { attributes: mergeAttributes(stored, current, wanted) }),
    });
    return resolve(client, brand, wanted);
  },

  async delete(client, state, { remote: { brand } }) {
    // authentik requires a default brand.
    if (!brand.default) await undefinedIfMissing(client.brands.delete(state.pk));
  },

  observe: ({ brand, flows: named }, state) => ({
    ...Object.fromEntries(
      Object.entries(fields)
        .filter(([key]) => state[key as keyof typeof fields] !== undefined)
        .map(([key, { name }]) => [key, brand[name] ?? undefined]),
    ),
    ...named,
    ...(state.clientCertificates && { clientCertificates: [...(brand.client_certificates ?? [])].sort() }),
    ...observeAttributes(brand.attributes, state),
  }),

  outputs: ({ brand }) => ({ pk: brand.brand_uuid }),
};

export type { BrandArgs };

/** The appearance of authentik under a host name, and its flows and certificate. */
export class Brand extends DefinedResource<typeof inputs, BrandArgs> {
  /** Its uuid. */
  declare readonly pk: pulumi.Output<string>;

  constructor(name: string, args: BrandArgs, options?: pulumi.CustomResourceOptions) {
    super(brandDefinition, ["pk"], name, args, options);
  }
}
