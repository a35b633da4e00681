import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { suite, test } from "node:test";
import { Browser } from "../../../../providers/sso/proof/browser";
import { proveDiscovery } from "../../../../providers/sso/proof/discovery";
import { serve, skipPauses } from "../http/server";
import { errorOf } from "../recorded-failures";

/** The answer of a real authentik to an unknown slug (recordings/authentik-2026.5/280, shortened). */
const unknownSlug =
  "<!DOCTYPE html><title>\nauthentik\n</title><h1>Not Found</h1><span>Powered by authentik</span>";

const fronts: Record<string, [answer: (response: ServerResponse) => void, expected: RegExp]> = {
  "authentik without this slug": [
    (response) => response.writeHead(404, { "Content-Type": "text/html" }).end(unknownSlug),
    /answers .* with 404\. No application has this slug/,
  ],
  "a proxy without a route": [
    (response) => response.writeHead(404, { Server: "nginx" }).end("<title>404 Not Found</title>"),
    /authentik's OpenID discovery document is not at .*: the answer is 404 \(Server: nginx; page "404 Not Found"\)\. A server in front of authentik answers/,
  ],
  "a challenge": [
    (response) => response.writeHead(403, { Server: "cloudflare" }).end("<title>Just a moment...</title>"),
    /the answer is 403 \(Server: cloudflare; page "Just a moment\.\.\."\)/,
  ],
  "basic auth": [
    (response) => response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end(),
    /the answer is 401 \(WWW-Authenticate: Basic realm="x"; an empty body\)/,
  ],
  "a proxy that does not reach authentik": [
    (response) => response.writeHead(502, { Server: "nginx" }).end("<title>502 Bad Gateway</title>"),
    /with 502 \(Server: nginx; page "502 Bad Gateway"\)\. Check that authentik runs, and that a proxy in front of it reaches it\.$/,
  ],
  "a crash of authentik": [
    (response) => response.writeHead(500).end("<title>Server Error</title>"),
    /with 500\. See the server's log\. A signing certificate without a private key/,
  ],
  "a login portal": [
    (response) => response.writeHead(302, { Location: "https://login.example.com/?rd=secret" }).end(),
    /the answer is 302 and redirects to https:\/\/login\.example\.com\/ \(/,
  ],
  "a rate limit": [
    (response) => response.writeHead(429).end("slow down"),
    /the answer is 429 \(text "slow down"\)/,
  ],
  "a page for everything": [
    (response) => response.end("<title>Welcome</title>"),
    /the answer is 200 \(page "Welcome"\)/,
  ],
  "a service that is down behind a proxy": [
    (response) => response.writeHead(502, { Server: "nginx" }).end("<title>502 Bad Gateway</title>"),
    /answered GET .* with 502 \(Server: nginx; page "502 Bad Gateway"\)/,
  ],
};

suite("a program that answers discovery is named, and the slug is blamed only if authentik answers", () => {
  for (const [front, [answer, expected]] of Object.entries(fronts)) {
    test(front, async (context) => {
      skipPauses(context);
      context.mock.method(console, "log", () => {});
      const { url } = await serve(context, (_request, response) => answer(response));
      const provider = { issuerUrl: `${url}/application/o/proxmox/`, signingFingerprint: "00" };
      const { message } = await errorOf(proveDiscovery(new Browser(url, {}), provider));
      assert.match(message, expected);
      assert.equal(/slug/.test(message), front === "authentik without this slug");
      assert.ok(!message.includes("secret"));
    });
  }
});
