import type { Cluster, Expiry, Overview, SwarmOverview } from "./overview";
import { accessSentence, driftSentence, lastsSentence, provedSentence, usersSentence } from "./sentences";

/** The overview for a terminal. */
export function asText({ stack, authentik, clusters, swarm, membersUnknown }: Overview): string {
  const blocks = [
    [`Stack ${stack}`],
    [
      `authentik ${authentik.version}`.trim(),
      `  Open            ${authentik.url}`,
      ...authentik.certificates.map(certificateLine),
      `  Drift           ${driftSentence(authentik.drift)}`,
    ],
    ...(swarm ? [swarmLines(swarm)] : []),
    ...clusters.map(clusterLines),
    ...(membersUnknown ? [[`The members of the groups are unknown: ${membersUnknown}`]] : []),
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function swarmLines({ tasks, lostNodes, unknown }: SwarmOverview): string[] {
  if (unknown !== undefined) return [`The tasks of the swarm are unknown: ${unknown}`];
  return [
    "Tasks of the swarm",
    ...columns(tasks.map(({ node, service, state }) => [node, service, state])).map((line) => `  ${line}`),
    ...lostNodes.map((lost) => `  The node ${lost}.`),
  ];
}

function clusterLines(cluster: Cluster): string[] {
  const { name, realm, addresses, issuer, proof, certificates } = cluster;
  const title = `Proxmox "${name}"`;
  if (realm === "") return [title, "  No realm yet: pulumi up creates it."];
  const users = usersSentence(cluster);
  return [
    title,
    `  Open            ${addresses.join(", ")}`,
    `  Realm           ${realm}`,
    `  Issuer          ${issuer}`,
    ...certificates.map(certificateLine),
    `  Last proof      ${provedSentence(proof)}`,
    `  Drift           ${driftSentence(cluster.drift)}`,
    ...(users === undefined ? [] : [`  Realm users     ${users}`]),
    `  Who may log in  ${accessSentence(cluster)}`,
    ...groupLines(cluster),
  ];
}

function groupLines({ groups }: Cluster): string[] {
  const rows = groups.map(({ group, grants, members }) => [
    group,
    grants.join(", ") || "nothing on Proxmox",
    members === undefined ? "" : members.join(", ") || "nobody is in it",
  ]);
  return columns(rows).map((line) => `    ${line}`);
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map(([first = "", second = "", third = ""]) =>
    `${first.padEnd(widths[0] ?? 0)}  ${second.padEnd(widths[1] ?? 0)}  ${third}`.trimEnd(),
  );
}

function certificateLine({ name, expires }: Expiry): string {
  return `  Certificate     ${name}: ${lastsSentence(expires)} (${expires.toISOString().slice(0, 10)})`;
}
