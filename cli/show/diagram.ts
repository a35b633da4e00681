import { parseUrl } from "../../providers/http/host";
import { escapeHtml } from "./escape";
import type { Cluster, Overview } from "./overview";

const width = 960;
const boxHeight = 66;
const people = { x: 2, width: 140 } as const;
const proxmox = { x: 232, width: 340 } as const;
const authentikBox = { x: 718, width: 240 } as const;
const rowHeight = 96;
/** The width of the widest common letters. */
const letterWidth = 9;

/** The path of a login: people open Proxmox, which redirects them to authentik and back. */
export function diagram({ authentik, clusters }: Overview): string {
  const height = clusters.length * rowHeight + 24;
  const middle = height / 2;
  const rows = clusters.map((cluster, index) => row(cluster, index * rowHeight + rowHeight / 2 + 12, middle));
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="People open Proxmox, which sends them to authentik to log in and takes them back">
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>
${rows.join("\n")}
${labelled(people, middle, "People", "with a browser")}
${labelled(authentikBox, middle, `authentik ${authentik.version}`.trim(), hostOf(authentik.url))}
</svg>`;
}

/** Whether a realm exists whose login was never proved. */
export function isUnproved({ realm, proof }: Cluster): boolean {
  return realm !== "" && proof === undefined;
}

function row(cluster: Cluster, y: number, middle: number): string {
  const { name, realm, addresses } = cluster;
  const [first = ""] = addresses;
  const more = addresses.length > 1 ? ` and ${addresses.length - 1} more` : "";
  const title = `Proxmox “${name}”${realm ? `, realm ${realm}` : ""}`;
  const kind = isUnproved(cluster) ? "way unproved" : "way";
  return `${way("way", people.x + people.width, middle, proxmox.x, y, false)}
${realm ? way(kind, proxmox.x + proxmox.width, y, authentikBox.x, middle, true) : ""}
${labelled(proxmox, y, title, `${hostOf(first)}${more}`)}`;
}

/** A curve with horizontal ends. In both directions, it has an arrow at each end. */
function way(kind: string, x1: number, y1: number, x2: number, y2: number, isBothWays: boolean): string {
  const bend = (x1 + x2) / 2;
  const tips = `marker-end="url(#tip)"${isBothWays ? ' marker-start="url(#tip)"' : ""}`;
  return `<path class="${kind}" d="M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}" ${tips}/>`;
}

function labelled(place: { x: number; width: number }, y: number, title: string, below: string): string {
  const centre = `x="${place.x + place.width / 2}" text-anchor="middle"`;
  const letters = Math.floor(place.width / letterWidth);
  return `<rect x="${place.x}" y="${y - boxHeight / 2}" width="${place.width}" height="${boxHeight}" rx="9"/>
<text class="title" ${centre} y="${y - 5}">${escapeHtml(shortened(title, letters))}</text>
<text class="quiet" ${centre} y="${y + 17}">${escapeHtml(shortened(below, letters + 6))}</text>`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function hostOf(url: string): string {
  return parseUrl(url)?.host ?? url;
}
