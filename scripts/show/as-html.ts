import { daysLeft } from "./as-text";
import type { Overview, Realm } from "./overview";

const rowHeight = 90;
const style = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
  table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #d5dae0; vertical-align: top; }
  svg { width: 100%; height: auto; } svg text { font: 14px system-ui, sans-serif; } rect { fill: #f2f5f9; stroke: #6b7a8c; } path { stroke: #6b7a8c; fill: none; }
  .soon { color: #a40000; font-weight: bold; }
`;

/** The overview as one page that needs nothing else. */
export function asHtml(overview: Overview): string {
  const { stack, realms, certificates } = overview;
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
${diagram(overview)}
${realms.map(realmSection).join("\n")}
<h2>Certificates</h2>
<table>
<tr><th>Name</th><th>Expires</th></tr>
${certificates.map(({ name, expires }) => row(escapeHtml(name), remaining(expires))).join("\n")}
</table>
</body>
</html>
`;
}

function realmSection({ name, addresses, issuer, proof, provedAt, permissions }: Realm): string {
  const links = addresses.map((address) => `<a href="${escapeHtml(address)}">${escapeHtml(address)}</a>`);
  const granted = permissions.map(({ path, role, who }) =>
    escapeHtml(`${who.join(", ")}: ${role} on ${path}`),
  );
  return `<h2>Realm ${escapeHtml(name)}</h2>
<table>
${row("Open", links.join("<br>"))}
${row("Issuer", escapeHtml(issuer))}
${row("Last proof of login", escapeHtml(`${proof} (${provedAt})`))}
${row("Who may do what", granted.join("<br>") || "this stack grants nothing; see Datacenter &gt; Permissions on Proxmox")}
</table>`;
}

function diagram({ authentik, realms }: Overview): string {
  const height = Math.max(1, realms.length) * rowHeight + 10;
  const middle = height / 2;
  const clusters = realms.map(({ name, addresses }, index) => {
    const y = index * rowHeight + 20;
    return `<path d="M160 ${middle} L260 ${y + 30}"/><path d="M560 ${y + 30} L660 ${middle}"/>
${box(260, y, 300, `Proxmox VE, realm ${name}`, addresses.join(", "))}`;
  });
  return `<svg viewBox="0 0 900 ${height}" role="img" aria-label="People log in to Proxmox, which sends them to authentik">
${clusters.join("\n")}
${box(10, middle - 30, 150, "People", "with a browser")}
${box(660, middle - 30, 230, "authentik", authentik)}
</svg>`;
}

function box(x: number, y: number, width: number, title: string, below: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="60" rx="8"/>
<text x="${x + width / 2}" y="${y + 26}" text-anchor="middle" font-weight="bold">${escapeHtml(title)}</text>
<text x="${x + width / 2}" y="${y + 46}" text-anchor="middle">${escapeHtml(shortened(below, width / 8))}</text>`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function row(name: string, html: string): string {
  return `<tr><th>${name}</th><td>${html}</td></tr>`;
}

function remaining(expires: Date): string {
  const days = daysLeft(expires);
  return `<span${days < 30 ? ' class="soon"' : ""}>${expires.toISOString().slice(0, 10)} (${days} days left)</span>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
