/** HTML pages of the simulator. Tests and the program read only the title and the heading. */

export function errorPage(title: string, heading: string, message: string): string {
  return layout(
    title,
    `<h1>${escapeHtml(heading)}</h1>\n<p>${escapeHtml(message)}</p>\n<a href="/">Go home</a>`,
  );
}

/** The page for a user who may not use an application, with the structure of the recorded page. */
export function deniedPage(heading: string, message: string): string {
  return layout(
    `${heading} - authentik`,
    `<h1 class="pf-c-title pf-m-3xl">${escapeHtml(heading)}</h1>
<div class="pf-c-form__group"><p>
  <i class="pf-icon pf-icon-error-circle-o"></i>
  ${escapeHtml(message)}
</p></div>`,
  );
}

/** A login page for people. It uses the flow executor, like authentik's page. */
export function flowPage(title: string): string {
  return layout(
    title,
    `<p>${escapeHtml(title)}</p>
<form id="form"><div id="fields"></div><p id="problem"></p><button>Continue</button></form>
<script>
const executor = location.pathname.replace("/if/flow/", "/api/v3/flows/executor/")
  + "?query=" + encodeURIComponent(location.search.slice(1));
const fields = { "ak-stage-identification": "uid_field", "ak-stage-password": "password" };
let challenge;
function show(next) {
  challenge = next;
  if (next.component === "xak-flow-redirect") { location.assign(next.to); return; }
  const name = fields[next.component];
  document.getElementById("fields").innerHTML = name
    ? '<input autofocus name="' + name + '" type="' + (name === "password" ? "password" : "text") + '">' : "";
  document.getElementById("problem").textContent =
    next.response_errors ? Object.values(next.response_errors)[0][0].string : next.header_text || "";
}
function csrf() {
  return (document.cookie.match(/(?:^|; )authentik_csrf=([^;]+)/) || [])[1] || "";
}
async function call(options) {
  show(await (await fetch(executor, { headers: { accept: "application/json", "content-type": "application/json", "x-authentik-csrf": csrf() }, ...options })).json());
}
document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const body = { component: challenge.component, token: challenge.token, ...Object.fromEntries(new FormData(event.target)) };
  call({ method: "POST", body: JSON.stringify(body) });
});
call({});
</script>`,
  );
}

export const STARTING_PAGE = layout("authentik", "<h1>authentik is starting</h1>");

function layout(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="UTF-8"><link rel="icon" href="/static/dist/assets/icons/icon.png"><title>
${escapeHtml(title)}
</title><style>
body { font: 15px sans-serif; background: #18191c; color: #eee; display: grid; place-content: center; min-height: 100vh; margin: 0; }
form { background: #2a2b30; padding: 2em; width: 22em; }
input, button { display: block; box-sizing: border-box; width: 100%; padding: .6em; font: inherit; margin-top: .8em; }
button { background: #fd4b2d; border: 0; color: #fff; }
footer { color: #999; margin-top: 1em; }
a { color: #fd9b8b; }
</style></head>
<body>
${body}
<footer>Powered by authentik (simulated)</footer>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
