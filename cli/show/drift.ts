import type { RunPulumi } from "../stack/stack-in-question";
import { resourcesIn } from "../stack/state";
import type { Overview } from "./overview";

const refreshLimitMs = 120_000;
/** A line of the refresh, such as ` ~  pulumi-nodejs:dynamic/proxmox:OpenIdRealm sso-realm update [diff: ~comment]`. */
const changedLine = /^ [~-] +(\S+) (.+) (update|delete)(?: \[diff: ([^\]]*)\])?\s*$/gm;

/** Adds what somebody has changed on the servers since the last `up`. */
export async function withDrift(overview: Overview, exported: unknown, pulumi: RunPulumi): Promise<Overview> {
  const { membersUnknown, clusters, authentik } = overview;
  // A server that does not answer would hold up the refresh, too.
  if (membersUnknown || clusters.some(({ usersUnknown }) => usersUnknown)) return overview;
  const refreshed = await previewOfRefresh(pulumi);
  if (refreshed === undefined) return overview;
  const resources = resourcesIn(exported);
  const drift = [...refreshed.matchAll(changedLine)].map(([, type, name, verb, properties]) => ({
    parent: resources.find(({ urn }) => urn.endsWith(`${type}::${name}`))?.parent ?? "",
    text:
      verb === "delete" ? `${name} is gone` : `${name}: ${properties?.replace(/[~+-]/g, "") ?? "changed"}`,
  }));
  const under = (name: string) =>
    drift.filter(({ parent }) => parent.endsWith(`:ProxmoxAuthentikSso::${name}`));
  const ofClusters = clusters.flatMap(({ name }) => under(name));
  const texts = (some: typeof drift) => some.map(({ text }) => text);
  return {
    ...overview,
    authentik: { ...authentik, drift: texts(drift.filter((change) => !ofClusters.includes(change))) },
    clusters: clusters.map((cluster) => ({ ...cluster, drift: texts(under(cluster.name)) })),
  };
}

/** Undefined if the refresh fails. */
async function previewOfRefresh(pulumi: RunPulumi): Promise<string | undefined> {
  const args = ["refresh", "--preview-only", "--non-interactive", "--color", "never"];
  return await pulumi(args, undefined, refreshLimitMs).catch(() => undefined);
}
