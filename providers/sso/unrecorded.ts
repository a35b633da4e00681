import { z } from "zod";
import type { AccessControlClient } from "../accessControl/client";
import { connectAccessControl } from "../accessControl/connection";
import { type OtherProduct, otherProducts } from "../accessControl/products";
import { isMarked } from "../authentik/attributes";
import { withPem } from "../authentik/certificate";
import type { AuthentikClient } from "../authentik/client";
import { authentikConnection, connectAuthentik } from "../authentik/connection";
import type { Credentials } from "../core/credentials";
import { messageOf } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import type { ProxmoxClient } from "../proxmox/client";
import { connectProxmox, proxmoxConnection } from "../proxmox/connection";
import { readComment } from "../proxmox/ownershipMark";

/** Where the objects with these values are, to name at a destroy those that a killed run could not record. */
export const usedOn = z
  .strictObject({
    /** authentik. Omit it if a destroy of the stack removes authentik too. */
    authentik: authentikConnection.optional(),
    /** The Proxmox API. */
    proxmox: proxmoxConnection.optional(),
    /** Slug of the application. */
    slug: z.string().min(1).optional(),
    /** Name of the signing certificate in authentik. */
    certificate: z.string().min(1).optional(),
    /** Name of the realm on Proxmox. */
    realm: z.string().min(1).optional(),
  })
  .optional();

type Places = NonNullable<z.output<typeof usedOn>>;

interface Values {
  readonly clientId: string;
  readonly serialNumber: string;
}

/**
 * The destroy has removed everything in the state. A run that was killed between a server's write and the state's leaves
 * an object that only its mark identifies. It is named, and not removed: a person may keep it and have removed it from the state.
 */
export async function reportUnrecorded(
  places: Places,
  product: OtherProduct | undefined,
  values: Values,
  credentials: Credentials,
): Promise<void> {
  const { authentik, proxmox } = places;
  await report("authentik", async () =>
    authentik ? inAuthentik(connectAuthentik(authentik, credentials), places, values) : [],
  );
  if (proxmox === undefined) return;
  if (product === undefined) {
    await report("Proxmox", () => onProxmox(connectProxmox(proxmox, credentials), places, values));
    return;
  }
  const { shortName } = otherProducts[product];
  await report(shortName, () =>
    onOtherProduct(connectAccessControl(otherProducts[product], proxmox, credentials), places, values),
  );
}

/** The stack can be destroyed even if the server no longer answers. */
async function report(server: string, look: () => Promise<string[]>): Promise<void> {
  try {
    for (const object of await look()) {
      console.log(
        `${object} stays in ${server}. This stack created it, but an interrupted run did not record it. Delete it by hand if nobody needs it.`,
      );
    }
  } catch (error) {
    console.log(`Unable to search ${server} for objects of an interrupted run: ${messageOf(error)}`);
  }
}

async function inAuthentik(client: AuthentikClient, places: Places, values: Values): Promise<string[]> {
  const { clientId, serialNumber: ownershipMark } = values;
  const { slug, certificate } = places;
  // The clusters of a destroy share these lists.
  const [groups, mappings, providers, pairs, application] = await Promise.all([
    client.groups.readWhere(
      { include_users: "false" },
      ({ attributes }) => isMarked(attributes, { attributes: {}, ownershipMark }),
      ownershipMark,
    ),
    client.scopeMappings.readWhere({}, ({ expression }) => expression.includes(ownershipMark), ownershipMark),
    client.oauth2Providers.readWhere({ client_id: clientId }, (provider) => provider.client_id === clientId),
    certificate === undefined
      ? []
      : client.certificates.readWhere({ name: certificate }, ({ name }) => name === certificate),
    slug === undefined ? undefined : client.applications.withSlug(slug),
  ]);
  const certificates = await Promise.all(pairs.map((pair) => withPem(client, pair)));
  const isOfProvider =
    application?.provider === null || providers.some(({ pk }) => pk === application?.provider);
  return [
    ...(application && isOfProvider ? [`The application "${application.slug}"`] : []),
    ...providers.map(({ name }) => `The OAuth2 provider "${name}"`),
    ...mappings.map(({ name }) => `The scope mapping "${name}"`),
    ...certificates
      .filter(({ serialNumber }) => serialNumber === ownershipMark)
      .map(({ pair }) => `The certificate "${pair.name}"`),
    ...groups.map(({ name }) => `The group "${name}"`),
  ];
}

async function onProxmox(client: ProxmoxClient, places: Places, values: Values): Promise<string[]> {
  const [groups, others] = await Promise.all([client.groups(), realmAndUsers(client, places, values)]);
  const ours = groups.filter((group) => isMarkedBy(values, group));
  return [...others, ...ours.map(({ groupid }) => `The group "${groupid}"`)];
}

async function onOtherProduct(
  client: AccessControlClient,
  places: Places,
  values: Values,
): Promise<string[]> {
  await client.requireReadAccess("users", "all users");
  return realmAndUsers(client, places, values);
}

interface WithRealms {
  users(): Promise<readonly { readonly userid: string; readonly comment?: string | undefined }[]>;
  realm(name: string): Promise<{ readonly "client-id"?: string }>;
}

async function realmAndUsers(client: WithRealms, { realm: name }: Places, values: Values): Promise<string[]> {
  const [users, realm] = await Promise.all([
    client.users(),
    name === undefined ? undefined : undefinedIfMissing(client.realm(name)),
  ]);
  return [
    ...(realm?.["client-id"] === values.clientId ? [`The realm "${name}"`] : []),
    ...users.filter((user) => isMarkedBy(values, user)).map(({ userid }) => `The user "${userid}"`),
  ];
}

function isMarkedBy({ serialNumber }: Values, { comment }: { comment?: string | undefined }): boolean {
  return readComment(comment).ownershipMark === serialNumber;
}
