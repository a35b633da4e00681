import { diagram, isUnproved } from "./diagram";
import { escapeHtml } from "./escape";
import type { Cluster, Expiry, GroupAccess, Overview, SwarmOverview } from "./overview";
import {
  accessSentence,
  daysLeft,
  driftSentence,
  lastsSentence,
  provedSentence,
  soonDays,
  usersSentence,
} from "./sentences";
import { style } from "./style";

/** The overview as one HTML page without external files. */
export function asHtml(overview: Overview): string {
  const { stack, authentik, clusters, swarm, membersUnknown } = overview;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Single sign-on: ${escapeHtml(stack)}</title>
<style>${style}</style>
</head>
<body>
<h1>Single sign-on of the stack ${escapeHtml(stack)}</h1>
<figure>
${diagram(overview)}
<figcaption>${caption(clusters)}</figcaption>
</figure>
${membersUnknown ? `<p class="soon">The members of the groups are unknown: ${escapeHtml(membersUnknown)}</p>` : ""}
<section>
<h2>authentik ${escapeHtml(authentik.version)}</h2>
<dl>
${entry("Open", link(authentik.url))}
${authentik.certificates.map(certificate).join("\n")}
${drift(authentik.drift)}
</dl>
</section>
${swarm ? swarmSection(swarm) : ""}
${clusters.map(section).join("\n")}
<footer>As of ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC, by npm run show.</footer>
</body>
</html>
`;
}

function caption(clusters: readonly Cluster[]): string {
  const way = "People open Proxmox, which sends them to authentik to log in, and takes them back.";
  return clusters.some(isUnproved) ? `${way} Dashed: no login is proved yet.` : way;
}

function swarmSection({ tasks, lostNodes, unknown }: SwarmOverview): string {
  const problems = [...(unknown ? [`The tasks are unknown: ${unknown}`] : []), ...lostNodes];
  const cells = (values: readonly string[]) =>
    values.map((value) => `<td>${escapeHtml(value)}</td>`).join("");
  return `<section>
<h2>Tasks of the swarm</h2>
${problems.map((problem) => `<p class="soon">${escapeHtml(problem)}</p>`).join("\n")}
<div class="wide"><table>
<thead><tr><th>Node</th><th>Service</th><th>State</th></tr></thead>
<tbody>
${tasks.map(({ node, service, state }) => `<tr>${cells([node, service, state])}</tr>`).join("\n")}
</tbody>
</table></div>
</section>`;
}

function section(cluster: Cluster): string {
  const { name, realm, addresses, issuer, proof, certificates, groups } = cluster;
  const title = `<h2>Proxmox “${escapeHtml(name)}”</h2>`;
  if (realm === "")
    return `<section>${title}<p>No realm yet: <code>pulumi up</code> creates it.</p></section>`;
  const users = usersSentence(cluster);
  return `<section>
${title}
<dl>
${entry("Open", addresses.map(link).join("<br>"))}
${entry("Realm", `<code>${escapeHtml(realm)}</code>`)}
${entry("Issuer", `<code>${escapeHtml(issuer)}</code>`)}
${entry("Last proof of login", escapeHtml(provedSentence(proof)))}
${drift(cluster.drift)}
${certificates.map(certificate).join("\n")}
${users === undefined ? "" : entry("Users on Proxmox", escapeHtml(users))}
${entry("Who may log in", escapeHtml(accessSentence(cluster)))}
</dl>
${groups.length > 0 ? table(groups) : ""}
</section>`;
}

function table(groups: readonly GroupAccess[]): string {
  const knowsMembers = groups.some(({ members }) => members !== undefined);
  return `<div class="wide"><table>
<thead><tr><th>Group of authentik</th>${knowsMembers ? "<th>Members</th>" : ""}<th>Roles on Proxmox</th></tr></thead>
<tbody>
${groups
  .map(
    ({ group, members = [], grants }) =>
      `<tr><td>${escapeHtml(group)}</td>${knowsMembers ? `<td>${listed(members, "nobody")}</td>` : ""}<td>${listed(grants, "none")}</td></tr>`,
  )
  .join("\n")}
</tbody>
</table></div>`;
}

function listed(items: readonly string[], none: string): string {
  return items.map(escapeHtml).join("<br>") || `<span class="none">${none}</span>`;
}

function certificate({ name, expires }: Expiry): string {
  const left = `${expires.toISOString().slice(0, 10)}, ${lastsSentence(expires)}`;
  return entry(
    "Certificate",
    `${escapeHtml(name)}: <span${daysLeft(expires) < soonDays ? ' class="soon"' : ""}>${left}</span>`,
  );
}

function drift(found: readonly string[] | undefined): string {
  const html = escapeHtml(driftSentence(found));
  return entry("Drift", found?.length === 0 ? html : `<span class="soon">${html}</span>`);
}

function entry(name: string, html: string): string {
  return `<dt>${name}</dt><dd>${html}</dd>`;
}

function link(address: string): string {
  return `<a href="${escapeHtml(address)}">${escapeHtml(address)}</a>`;
}
