/** Style of the page, in the browser's light or dark colours, without external files. */
export const style = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #59636e; --line: #d1d9e0; --card: #f6f8fa; --page: #fff; --mark: #0b62c4; --soon: #b42318; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --quiet: #9198a1; --line: #3d444d; --card: #151b23; --page: #0d1117; --mark: #6cb2ff; --soon: #ff9a8f; }
}
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: var(--text); background: var(--page); }
h1 { font-size: 1.5rem; font-weight: 600; }
h2 { font-size: 1.1rem; margin: 0 0 .6rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.2rem; margin: 1rem 0; }
dl { display: grid; grid-template-columns: 11rem 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font-size: .95em; }
a { color: var(--mark); }
.wide { overflow-x: auto; margin-top: .9rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: var(--quiet); }
th, td { width: 30%; padding: .35rem 1rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { width: 40%; }
.none, footer { color: var(--quiet); }
.soon { color: var(--soon); font-weight: 600; }
figure { margin: 1rem 0; overflow-x: auto; }
figcaption { color: var(--quiet); }
svg { display: block; width: 100%; min-width: 44rem; height: auto; margin: 0 0 .6rem; }
svg text { font: 14px system-ui, sans-serif; fill: var(--text); }
svg .quiet { fill: var(--quiet); font-size: 12.5px; }
svg .title { font-weight: 600; }
svg rect { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
svg .way { stroke: var(--mark); stroke-width: 1.5; fill: none; }
svg .unproved { stroke-dasharray: 6 5; }
svg marker path { fill: var(--mark); }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
`;
