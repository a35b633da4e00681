// Makes shapes.json and failures.json from the recordings of real servers:
//   node test/recordings/extract.mjs <folder with authentik-2026.5, proxmox-9.2, joint-login, …>
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = process.argv[2];

/** What the program may call; anything else that was recorded is of no interest here. */
const used = {
  authentik:
    /^\/(api\/v3\/(crypto\/certificatekeypairs|providers\/oauth2|core\/applications|core\/(?:brands|groups|users|tokens)|policies\/bindings|flows\/(instances|executor)|propertymappings\/provider\/scope|admin\/version)\/|-\/health\/(?:live|ready)\/|application\/o\/|if\/flow\/|flows\/-\/default\/authentication\/)/,
  proxmox: /^\/api2\/json\/(version$|access\/(domains|users|groups|roles|acl|openid|permissions|ticket))/,
};

/** Fields that the recorder made up, to see that both servers ignore or refuse them. */
const invented = /^(zzz|foo|nosuch.*)$/;

const failures = {
  "authentik wrong token": "authentik-2026.5/004-wrong-token-list-certs",
  "authentik missing permission": "authentik-2026.5/384-forbidden-generate-cert",
  "authentik missing object": "authentik-2026.5/075-cert-get-missing",
  "authentik unknown path": "authentik-2026.5/016-unknown-endpoint",
  "authentik crash while writing": "authentik-2026.5/602-outage-db-down-post",
  "authentik crash while reading": "authentik-2026.5/601-outage-db-down-get",
  "authentik not allowed": "authentik-2026.5/020-method-not-allowed",
  "authentik field error": "authentik-2026.5/651-app-patch-duplicate-slug",
  "authentik nested field error": "authentik-2026.5/632-transactional-again",
  "authentik error without field": "authentik-2026.5/024-array-body",
  "proxmox no ticket": "proxmox-9.2/009-get-version-auth-none",
  "proxmox wrong token": "proxmox-9.2/013-get-version-auth-bad",
  "proxmox missing privilege": "proxmox-9.2/051-no-privileges-sep-domain-update",
  "proxmox missing realm": "proxmox-9.2/301-domain-read-missing",
  "proxmox update of a missing realm": "proxmox-9.2/304-domain-update-missing",
  "proxmox delete of a missing realm": "proxmox-9.2/419-domain-delete-missing",
  "proxmox delete of a missing user": "proxmox-9.2/552-user-delete-missing",
  "proxmox realm exists": "proxmox-9.2/099-domain-create-duplicate",
  "proxmox digest conflict": "proxmox-9.2/339-domain-update-wrong-digest",
  "proxmox invalid value": "proxmox-9.2/424-domain-delete-bad-name",
  "proxmox option of a newer version": "proxmox-8.3/014-option-groups-claim-groups-by-put",
  "proxmox unknown path": "proxmox-9.2/068-unknown-path-post",
  "proxmox daemon down": "proxmox-9.2/816-write-while-pvedaemon-is-down",
  "proxmox daemon busy": "joint-login/1605-realm-create-x5",
  "pbs refused token": "pbs-4.2.3/020-version-token-prefix-pveapitoken",
  "pbs realms": "pbs-4.2.3/033-domains-list-unauthenticated",
  "pdm refused token": "pdm-1.1.7/015-version-unauthenticated",
  "pdm realms": "pdm-1.1.7/032-domains-list-unauthenticated",
};

function exchanges(folder) {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(root, folder, file), "utf8")))
    .filter(({ request, response }) => request && response);
}

/** The path with `*` for the part that names an object. */
export function patternOf(path) {
  return path
    .replace(/^(\/api\/v3\/[a-z_]+\/(?:provider\/)?[a-z0-9_]+\/)(?!me\/)[^/]+\//, (whole, list) =>
      /\/(admin|provider)\/[a-z]*\/?$/.test(list) && !list.endsWith("/scope/") ? whole : `${list}*/`,
    )
    .replace(/^(\/application\/o\/)(?!authorize|token|userinfo)[^/]+\//, "$1*/")
    .replace(/^(\/if\/flow\/)[^/]+\//, "$1*/")
    .replace(/^(\/api2\/json\/access\/(?:domains|users|groups|roles)\/)[^/]+$/, "$1*")
    .replace(/^(\/api2\/json\/access\/users\/)[^/]+\/token/, "$1*/token")
    .replace(/(\/token\/)[^/]+$/, "$1*");
}

function bodyOf(request) {
  if (request.params) return request.params;
  const { body } = request;
  if (typeof body !== "string") return body ?? {};
  return body.startsWith("{") ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
}

const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** system → "METHOD pattern" → { query: keys, body: key → types on the wire }, of accepted requests. */
function shapes() {
  const result = { authentik: {}, proxmox: {} };
  for (const folder of readdirSync(root).filter((name) => /^(authentik|proxmox|joint)-[^.]*(\.\d+)?$/.test(name))) {
    for (const { request, response } of exchanges(folder)) {
      const { pathname, searchParams } = new URL(request.path, "http://server");
      const system = pathname.startsWith("/api2/") ? "proxmox" : "authentik";
      if (response.status >= 400 || request.method === "OPTIONS" || !used[system].test(pathname)) continue;
      const body = bodyOf(request);
      if (Array.isArray(body)) continue;
      const key = `${request.method} ${patternOf(pathname)}`;
      result[system][key] ??= { query: new Set(), body: {} };
      const shape = result[system][key];
      for (const name of searchParams.keys()) shape.query.add(name);
      for (const name of Object.keys(request.query ?? {})) if (typeof request.query === "object") shape.query.add(name);
      for (const [name, value] of Object.entries(body)) {
        if (invented.test(name)) continue;
        shape.body[name] = [...new Set([...(shape.body[name] ?? []), system === "proxmox" ? "form" : typeOf(value)])].sort();
      }
    }
  }
  for (const system of Object.values(result)) {
    for (const shape of Object.values(system)) shape.query = [...shape.query].sort();
  }
  return result;
}

function recordedFailures() {
  return Object.fromEntries(
    Object.entries(failures).map(([name, file]) => {
      const { request, response } = JSON.parse(readFileSync(join(root, `${file}.json`), "utf8"));
      const { status, reason } = response;
      const body = typeof response.body === "string" ? response.body : JSON.stringify(response.body);
      const html = body.trimStart().startsWith("<");
      return [name, { file, method: request.method, path: request.path, status, reason, body: html ? "<!DOCTYPE html>" : body }];
    }),
  );
}

if (root) {
  const sorted = Object.fromEntries(
    Object.entries(shapes()).map(([system, calls]) => [
      system,
      Object.fromEntries(Object.entries(calls).sort(([a], [b]) => (a < b ? -1 : 1))),
    ]),
  );
  const oneLineEach = Object.entries(sorted)
    .map(([system, calls]) => {
      const lines = Object.entries(calls).map(([call, shape]) => `    ${JSON.stringify(call)}: ${JSON.stringify(shape)}`);
      return `  "${system}": {\n${lines.join(",\n")}\n  }`;
    })
    .join(",\n");
  writeFileSync(join(import.meta.dirname, "shapes.json"), `{\n${oneLineEach}\n}\n`);
  writeFileSync(join(import.meta.dirname, "failures.json"), `${JSON.stringify(recordedFailures(), null, 2)}\n`);
}
