import { z } from "zod";
import { expandCertificates } from "../../providers/core/certificates";
import type { Credentials } from "../../providers/core/credentials";
import { UserError } from "../../providers/core/errors";
import { connectProxmox, proxmoxConnection } from "../../providers/proxmox/connection";
import { requireReadAccess, seesUsers } from "../../providers/proxmox/privileges";
import { greet } from "../doctor/greet";
import type { RunPulumi } from "../stack/stack-in-question";
import { configValuesOf, credentialsIn, ofKind, resourcesIn, type StateResource } from "../stack/state";
import type { Cluster, Overview } from "./overview";

const realmInputs = z.object({ proxmox: proxmoxConnection, realm: z.string() });

/** Adds the Proxmox users of each realm to the overview, because a destroy affects them. */
export async function withRealmUsers(
  overview: Overview,
  exported: unknown,
  pulumi: RunPulumi,
): Promise<Overview> {
  const realms = ofKind(resourcesIn(exported), "proxmox:OpenIdRealm");
  if (realms.length === 0) return overview;
  const credentials = credentialsIn(await configValuesOf(pulumi));
  const clusters = overview.clusters.map(async (cluster) => {
    const realm = realms.find(({ urn }) => urn.endsWith(`::${cluster.name}-realm`));
    return realm ? { ...cluster, ...(await usersOf(realm, credentials)) } : cluster;
  });
  return { ...overview, clusters: await Promise.all(clusters) };
}

async function usersOf(
  { inputs }: StateResource,
  credentials: Credentials,
): Promise<Pick<Cluster, "users" | "usersUnknown">> {
  try {
    const { proxmox: connection, realm } = realmInputs.parse(expandCertificates(inputs));
    // Fails within seconds if the server does not answer.
    await greet({ ...connection, path: "/api2/json/access/domains", name: "Proxmox", caKey: "proxmoxCa" });
    const client = connectProxmox(connection, credentials);
    await requireReadAccess(client, "which users there are", seesUsers);
    return { users: (await client.userIds()).filter((id) => id.endsWith(`@${realm}`)).sort() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { usersUnknown: error.message };
  }
}
