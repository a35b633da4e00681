import { z } from "zod";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { expandCertificates } from "../../providers/core/certificates";
import { UserError } from "../../providers/core/errors";
import { greet } from "../doctor/greet";
import type { RunPulumi } from "../stack/stack-in-question";
import { configValuesOf, credentialsIn, ofKind, resourcesIn } from "../stack/state";
import type { Overview } from "./overview";

const applicationInputs = z.object({ authentik: authentikConnection });

/** Adds the members of the groups to the overview. Only authentik knows them. */
export async function withMembers(
  overview: Overview,
  exported: unknown,
  pulumi: RunPulumi,
): Promise<Overview> {
  const [application] = ofKind(resourcesIn(exported), "authentik:Application");
  const groups = new Set(
    overview.clusters.flatMap((cluster) =>
      cluster.groups.flatMap(({ group, members }) => (members ? [] : group)),
    ),
  );
  if (application === undefined || groups.size === 0) return overview;
  try {
    const credentials = credentialsIn(await configValuesOf(pulumi));
    const { authentik: connection } = applicationInputs.parse(expandCertificates(application.inputs));
    // Fails within seconds if the server does not answer.
    await greet({
      ...connection,
      path: "/-/health/ready/",
      name: "authentik",
      caKey: "authentikCaCertificate",
    });
    const authentik = connectAuthentik(connection, credentials);
    const members = new Map(
      await Promise.all([...groups].map(async (group) => [group, await authentik.membersOf(group)] as const)),
    );
    return {
      ...overview,
      clusters: overview.clusters.map((cluster) => ({
        ...cluster,
        groups: cluster.groups.map((access) => ({
          ...access,
          members: access.members ?? members.get(access.group) ?? [],
        })),
      })),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...overview, membersUnknown: error.message };
  }
}
