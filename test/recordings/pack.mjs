// Packs the recordings of real servers into one compressed file each, an exchange a line, in their order, and how
// authentik answered while it started into starts.jsonl.gz:
//   node test/recordings/pack.mjs <folder with authentik-2026.5, proxmox-9.2, joint-login, …>
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const root = process.argv[2];
if (!root) throw new Error("Say which folder has the recordings.");

const undecoded = "<gzip body";

function asObject(headers) {
  const pairs = Array.isArray(headers)
    ? headers.map((header) => (Array.isArray(header) ? header : header.split(/: (.*)/s)))
    : Object.entries(headers ?? {});
  const result = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    result[key] = key === "set-cookie" && result[key] ? `${result[key]}\n${value}` : value;
  }
  return result;
}

function withQuery({ path, query }) {
  if (!query) return path;
  if (typeof query === "string") return `${path}?${query}`;
  const parameters = Object.entries(query).flatMap(([name, value]) => [value].flat().map((item) => [name, item]));
  return `${path}?${new URLSearchParams(parameters)}`.replaceAll("%3C", "<").replaceAll("%3E", ">");
}

/** `decoded` has the header and the claims of the ID token that the answer hides. */
function pack(file, recording, decoded) {
  const { request, response } = recording;
  const answer = "json" in response ? (response.json ?? response.body) : response.body;
  const isUndecoded = typeof answer === "string" && answer.startsWith(undecoded);
  return {
    file: file.replace(/\.json$/, ""),
    case: recording.case,
    system: recording.system,
    method: request.method,
    path: withQuery(request),
    headers: asObject(request.headers),
    body: request.body ?? undefined,
    status: response.status,
    reason: response.reason,
    answerHeaders: asObject(response.headers),
    answer: isUndecoded ? undefined : (answer ?? undefined),
    isUndecoded: isUndecoded || undefined,
    log: recording.syslog ?? recording.server_log,
    files: recording.files_after,
    tokenHeader: recording.id_token_header ?? decoded?.id_token_header,
    claims: recording.id_token_claims ?? decoded?.id_token_claims,
  };
}

const read = (folder, file) => JSON.parse(readFileSync(join(root, folder, file), "utf8"));

/** A ticket is one user's: its two placeholders become one that says whose. */
function perUser(exchange) {
  return JSON.stringify(exchange).replace(/PVE:([^:"]+):<HEXTIME>::<TICKET-SIGNATURE>/g, "PVE:$1:<TICKET of $1>");
}

for (const folder of readdirSync(root).filter((name) => /^(authentik|proxmox|joint|pbs|pdm)-[^.]*(\.\d+)*$/.test(name))) {
  const files = readdirSync(join(root, folder)).sort();
  const lines = files.flatMap((file) => {
    const recording = file.endsWith(".json") ? read(folder, file) : {};
    if (!recording.request || !recording.response) return [];
    const decoded = file.replace(/json$/, "decoded.json");
    return [perUser(pack(file, recording, files.includes(decoded) ? read(folder, decoded) : undefined))];
  });
  writeFileSync(join(import.meta.dirname, `${folder}.jsonl.gz`), gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
  console.log(`${folder}: ${lines.length} exchanges`);
}

/** What was asked again and again while authentik started, with each answer that differed from the one before. */
function startOf(timeline) {
  const checks = new Map();
  for (const { check, method, path, accept, token, status, headers, key, body } of timeline) {
    // No program listens yet, or the container restarts.
    if (status === undefined) continue;
    if (!checks.has(check)) checks.set(check, { method, path, accept, token, answers: [] });
    const { answers } = checks.get(check);
    const { "content-type": type, "retry-after": retryAfter } = asObject(headers);
    const isPage = type?.startsWith("text/html");
    const answer = { status, type, retryAfter, body: isPage ? undefined : essenceOf(body, key[1]) };
    if (JSON.stringify(answers.at(-1)) !== JSON.stringify(answer)) answers.push(answer);
  }
  return [...checks.values()];
}

/** Of a list its length, of errors all; the rest is in other recordings, and was cut off in these. */
function essenceOf(body, told) {
  if (body?.startsWith('{"pagination"')) return { count: Number(told) };
  if (body?.length >= 300) return undefined;
  return body?.startsWith("{") ? JSON.parse(body) : body;
}

const starts = readdirSync(root)
  .filter((folder) => /^authentik-[\d.]+$/.test(folder))
  .flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => /^\d+-startup-/.test(file))
      .map((file) => ({ version: folder.slice("authentik-".length), file, checks: startOf(read(folder, file)) })),
  );
const startLines = starts.map((start) => JSON.stringify(start));
writeFileSync(join(import.meta.dirname, "starts.jsonl.gz"), gzipSync(`${startLines.join("\n")}\n`, { level: 9 }));
console.log(`starts: ${starts.length}`);
