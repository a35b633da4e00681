import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import fc from "fast-check";
import { AccessControlClient } from "../../../../providers/accessControl/client";
import { AuthentikClient } from "../../../../providers/authentik/client";
import { backupServer } from "../../../../providers/backupServer/product";
import { NotFoundError, RejectedError, UserError } from "../../../../providers/core/errors";
import { ProxmoxClient } from "../../../../providers/proxmox/client";
import { seeded } from "../../../tools/seeded";
import { errorOf } from "../recorded-failures";
import { serve, skipPauses } from "./server";

interface Answer {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

const html = { "Content-Type": "text/html" };
const json = { "Content-Type": "application/json" };
const page = (title: string) => `<html><head><title>${title}</title></head><body>x</body></html>`;

/** Answers of programs in front of servers, as their vendors document them, and what a message must name. */
const fronts: Record<string, Answer & { names: RegExp }> = {
  "nginx without a route": {
    status: 404,
    headers: { ...html, Server: "nginx/1.27.0" },
    body: page("404 Not Found"),
    names: /got 404 \(Server: nginx\/1\.27\.0; page "404 Not Found"\)\. Check the address, the port/,
  },
  "Kong without a route": {
    status: 404,
    headers: { ...json, "X-Kong-Response-Latency": "1" },
    body: '{"message":"no Route matched with those values"}',
    names: /X-Kong-Response-Latency: 1; JSON ".*no Route matched with those values/,
  },
  "Traefik without a route": {
    status: 404,
    headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
    body: "404 page not found\n",
    names: /got 404 \((text|JSON) "404 page not found"\)/,
  },
  "a FastAPI": { status: 404, headers: json, body: '{"detail":"Not Found"}', names: /Not Found/ },
  "a challenge of Cloudflare": {
    status: 403,
    headers: { ...html, Server: "cloudflare", "CF-RAY": "8a1-FRA", "cf-mitigated": "challenge" },
    body: page("Just a moment..."),
    names:
      /Server: cloudflare; CF-Ray: 8a1-FRA; CF-Mitigated: challenge; page "Just a moment\.\.\."\)\. A server in front of \w+ limits/,
  },
  "a rate limit": {
    status: 429,
    headers: { ...html, Server: "cloudflare", "Retry-After": "60" },
    body: page("Too many"),
    names:
      /got 429 \(Server: cloudflare; Retry-After: 60; page "Too many"\)\. A server in front of \w+ limits/,
  },
  "basic auth": {
    status: 401,
    headers: { "WWW-Authenticate": 'Basic realm="staff only"' },
    body: "401 Unauthorized",
    names: /WWW-Authenticate: Basic realm="staff only"/,
  },
  "a login portal": {
    status: 302,
    headers: { Location: "https://login.example.com/start?rd=secret" },
    body: "",
    names:
      /redirects GET .* to https:\/\/login\.example\.com\/start\. Configure the address.*portal pass \/api/,
  },
  "a bot protection that answers with its page": {
    status: 200,
    headers: { ...html, Server: "nginx" },
    body: page("Making sure you are not a bot!"),
    names: /got 200 \(Server: nginx; page "Making sure you are not a bot!"\)\. Check the address/,
  },
  "a page for everything": { status: 200, headers: html, body: page("Welcome"), names: /page "Welcome"/ },
};

type Server = {
  server: string;
  /** Whether the messages differ from those for the other servers. */
  hasOtherTexts?: true;
  clientAt(url: string): { read(): Promise<unknown>; remove(): Promise<unknown> };
};

const servers: Server[] = [
  {
    server: "authentik",
    clientAt(url) {
      const api = new AuthentikClient({ url, token: "t", tokenConfigKey: "authentikToken" });
      return { read: () => api.applications.get("a"), remove: () => api.applications.delete("a") };
    },
  },
  {
    server: "Proxmox",
    clientAt(url) {
      const credential = { token: "root@pam!t=1", configKey: "pulumi-nodejs:proxmoxToken" };
      const api = new ProxmoxClient({ url, credential });
      return { read: () => api.realm("a"), remove: () => api.deleteRealm("a") };
    },
  },
  {
    server: "Backup Server",
    hasOtherTexts: true,
    clientAt(url) {
      const credential = { token: "root@pam!t:1", configKey: "pulumi-nodejs:backupServerToken" };
      const api = new AccessControlClient(backupServer, { url, credential });
      return { read: () => api.realm("a"), remove: () => api.deleteRealm("a") };
    },
  },
];

function serveAnswer(context: TestContext, next: () => Answer) {
  skipPauses(context);
  context.mock.method(console, "log", () => {});
  return serve(context, (_request, response) => {
    const { status, reason, headers, body } = next();
    response.writeHead(status, reason ?? "", headers).end(body);
  });
}

for (const { server, hasOtherTexts, clientAt } of servers) {
  suite(`an answer of a program in front of ${server} is named, and no object counts as gone`, () => {
    for (const [front, answer] of Object.entries(fronts)) {
      test(front, async (context) => {
        const { url } = await serveAnswer(context, () => answer);
        const error = await errorOf(clientAt(url).read());
        assert.ok(error instanceof UserError && !(error instanceof NotFoundError), error.stack);
        if (!hasOtherTexts) {
          assert.match(error.message, answer.names);
          assert.ok(error.message.includes(server));
        }
        assert.ok(!error.message.includes("secret"));
        const removal = await errorOf(clientAt(url).remove());
        assert.ok(removal instanceof UserError && !(removal instanceof NotFoundError));
      });
    }
  });
}

const swapped: Record<string, Record<string, string>> = {
  authentik: { Server: "pve-api-daemon/3.0" },
  Proxmox: { "X-Powered-By": "authentik" },
};

for (const { server, clientAt } of servers.filter(({ server }) => server in swapped)) {
  test(`the other server's address is recognized instead of that of ${server}`, async (context) => {
    const answer = { status: 404, headers: swapped[server] ?? {}, body: "" };
    const { url } = await serveAnswer(context, () => answer);
    const expected = new RegExp(`This is an address of \\w+: give ${server}'s own address`);
    assert.match((await errorOf(clientAt(url).read())).message, expected);
  });
}

const content: Record<string, (api: AuthentikClient) => Promise<unknown>> = {
  version: (api) => api.version(),
  list: (api) => api.flows.all(),
  object: (api) => api.groups.get("a"),
  certificate: (api) => api.certificatePem("a"),
  created: (api) => api.groups.create({}),
  changed: (api) => api.groups.patch("a", { name: "b" }),
};

for (const [what, ask] of Object.entries(content)) {
  test(`an answer without content is refused as authentik's ${what}`, async (context) => {
    const { url } = await serveAnswer(context, () => ({ status: 204, body: "" }));
    const error = await errorOf(
      ask(new AuthentikClient({ url, token: "t", tokenConfigKey: "authentikToken" })),
    );
    assert.match(error.message, /is not authentik's API: \w+ \S+ got 204 \(an empty body\)/);
  });
}

/** Any status with any body, including messages of the real servers. */
const words = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "No Application matches the given query.",
    "Not found.",
    "Not Found",
    "Invalid page.",
    "domain 'a' does not exist",
    "no such user ('a@b')",
    "role 'r' does not exist",
    "no such openid 'a'",
    "realm 'a' does not exist.",
  ),
);
const bodies = fc.oneof(
  words,
  words.map((text) => `<html><title>${text}</title></html>`),
  fc.json(),
  fc
    .dictionary(fc.constantFrom("detail", "message", "error", "errors", "data", "status", "code"), words)
    .map((body) => JSON.stringify(body)),
  words.map((message) => JSON.stringify({ data: null, message })),
  words.map((detail) => JSON.stringify({ detail })),
);
const answers: fc.Arbitrary<Answer> = fc.record({
  status: fc
    .oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(401, 403, 404, 429, 500, 503))
    .filter((status) => ![204, 205, 304].includes(status)),
  reason: words.map((text) => text.replace(/[^\x20-\x7e]/g, "")),
  headers: fc
    .constantFrom("application/json", "text/html", "text/plain", "application/problem+xml")
    .map((type) => ({ "Content-Type": type })),
  body: bodies,
});

function objectIn(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The one form in which each server reports a missing object (test/recordings). */
const ownWord: Record<string, (answer: Answer) => boolean> = {
  authentik({ status, headers, body }) {
    const { detail, code: _, ...others } = objectIn(body);
    return (
      status === 404 &&
      headers?.["Content-Type"] === "application/json" &&
      Object.keys(others).length === 0 &&
      (detail === "No Application matches the given query." || detail === "Not found.")
    );
  },
  Proxmox({ status, reason, body }) {
    const { data, message } = objectIn(body);
    const said = typeof message === "string" && message.trim() ? message.trim().split("\n")[0] : reason;
    const isMissing = /^(domain 'a'|role 'r') does not exist$|^no such user \('a@b'\)$/.test(said ?? "");
    return status === 500 && data === null && isMissing;
  },
  // Plain text, although the type is JSON (recorded).
  "Backup Server": ({ status, headers, body }) =>
    [400, 404].includes(status) &&
    headers?.["Content-Type"] === "application/json" &&
    /^(?:no such openid 'a'|realm 'a' does not exist\.)$/.test(body.trim()),
};

for (const { server, clientAt } of servers) {
  test(`of all answers, only the message of ${server} itself means that an object is gone`, async (context) => {
    let answer: Answer = { status: 200, body: "" };
    const { url } = await serveAnswer(context, () => answer);
    const { read, remove } = clientAt(url);
    let gone = 0;
    const check = async (given: Answer, call: () => Promise<unknown>) => {
      answer = given;
      const outcome = await call().catch((error: unknown) => error);
      const isGone = outcome instanceof NotFoundError;
      gone += Number(isGone);
      assert.equal(isGone, ownWord[server]?.(given), JSON.stringify(given));
      if (outcome instanceof Error) assert.ok(outcome instanceof UserError, outcome.stack);
      if (outcome instanceof RejectedError) assert.ok([400, 500].includes(given.status));
    };
    const run = fc.asyncProperty(answers, async (given) => {
      await check(given, read);
      await check(given, remove);
    });
    await fc.assert(run, seeded(300));
    const [detail, message] = ["No Application matches the given query.", "domain 'a' does not exist"];
    await check({ status: 404, headers: json, body: JSON.stringify({ detail }) }, read);
    await check({ status: 500, headers: json, body: JSON.stringify({ data: null, message }) }, read);
    await check({ status: 400, headers: json, body: "no such openid 'a'" }, read);
    assert.ok(gone > 0);
  });
}
