import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { AuthentikClient } from "../../../../providers/authentik/client";
import { RefusedError } from "../../../../providers/authentik/errors";
import { flowId } from "../../../../providers/authentik/references";
import {
  NotFoundError,
  OutcomeUnknownError,
  RejectedError,
  UserError,
} from "../../../../providers/core/errors";
import { serve, skipPauses } from "../http/server";
import { errorOf, recordedFailure, serveFailure } from "../recorded-failures";

function clientOf(url: string): AuthentikClient {
  return new AuthentikClient({ url, token: "t", tokenConfigKey: "authentikToken" });
}

const expectations: [recording: string, kind: typeof UserError, message: RegExp][] = [
  [
    "authentik wrong token",
    RefusedError,
    /refuses the API token in config key ".*authentikToken".*Token invalid\/expired.*wrong or expired/,
  ],
  ["authentik missing permission", RefusedError, /do not have permission.*its user lacks the permission/],
  ["authentik missing object", NotFoundError, /404: No CertificateKeyPair matches/],
  [
    "authentik unknown path",
    UserError,
    /http.* is not authentik's API: GET \/x got 404 \(an empty page\)\. Check the address/,
  ],
  [
    "authentik crash while writing",
    OutcomeUnknownError,
    /405 and an empty body.*crash.*may have happened; see the server's log/,
  ],
  ["authentik crash while reading", UserError, /answered GET \/x with 500: see the server's log/],
  ["authentik not allowed", UserError, /Method "DELETE" not allowed/],
  [
    "authentik field error",
    RejectedError,
    /^authentik refuses it: slug: Application with this slug already exists\.$/,
  ],
  [
    "authentik nested field error",
    RejectedError,
    /app: \{"slug":\["Application with this slug already exists\."\]\}/,
  ],
  [
    "authentik error without field",
    RejectedError,
    /^authentik refuses it: Invalid data\. Expected a dictionary, but got list\.$/,
  ],
];

suite("an answer of a real authentik becomes one clear message", () => {
  for (const [recording, kind, expected] of expectations) {
    test(recording, async (context) => {
      skipPauses(context);
      const failure = recordedFailure(recording);
      const { url } = await serveFailure(context, failure);
      const error = await errorOf(clientOf(url).request({ method: failure.method, url: "/x" }));
      assert.equal(error.constructor, kind);
      assert.match(error.message, expected);
      assert.ok(!error.message.includes("<!DOCTYPE"));
    });
  }
});

test("a crash during a write, which 2026.8 answers with 500, leaves the outcome unknown", async (context) => {
  skipPauses(context);
  const { url } = await serveFailure(context, {
    status: 500,
    reason: "Internal Server Error",
    body: "<h1>Server Error (500)</h1>",
  });
  const error = await errorOf(clientOf(url).request({ method: "post", url: "/x", data: {} }));
  assert.equal(error.constructor, OutcomeUnknownError);
  assert.match(error.message, /answered POST \/x with 500/);
});

suite("while authentik starts", () => {
  const starting = '{"error":"authentik starting"}\n';

  test("200 with a start-up message is an error (2025.10)", async (context) => {
    skipPauses(context);
    const { url, requests } = await serveFailure(context, { status: 200, reason: "OK", body: starting });
    const error = await errorOf(clientOf(url).applications.create({}));
    assert.equal(requests.length, 5);
    assert.match(error.message, /still starting. Wait until it is ready and run the command again/);
  });

  for (const method of ["get", "post"]) {
    test(`503 is retried, for a ${method.toUpperCase()} too: nothing has changed`, async (context) => {
      skipPauses(context);
      const { url } = await serve(context, (_request, response, count) => {
        response.writeHead(count < 3 ? 503 : 200, { "Content-Type": "application/json", "Retry-After": "5" });
        response.end(count < 3 ? starting : "{}");
      });
      assert.deepEqual(await clientOf(url).request({ method, url: "/x" }), {});
    });
  }
});

suite("a write that a proxy cuts off", () => {
  for (const status of [502, 503, 504]) {
    test(`with ${status} is not retried, because authentik may have completed it`, async (context) => {
      skipPauses(context);
      const { url, requests } = await serveFailure(context, { status, reason: "", body: "" });
      const error = await errorOf(clientOf(url).applications.create({}));
      assert.ok(error instanceof OutcomeUnknownError);
      assert.equal(requests.length, 1);
    });
  }
});

suite("a write of the full state", () => {
  test("is retried after an empty 405, authentik's sign of a crash", async (context) => {
    skipPauses(context);
    const { url } = await serve(context, (_request, response, count) => {
      response.writeHead(count < 3 ? 405 : 200, { "Content-Type": "application/json" });
      response.end(count < 3 ? "" : "{}");
    });
    assert.deepEqual(await clientOf(url).applications.patch("a", { name: "A" }), {});
  });
});

suite("an answer that is not JSON", () => {
  test("leaves the outcome of a write unknown", async (context) => {
    const { url } = await serveFailure(context, { status: 201, reason: "", body: '{"pk":"1' });
    assert.ok((await errorOf(clientOf(url).applications.create({}))) instanceof OutcomeUnknownError);
  });
});

suite("an address at which another program answers", () => {
  test("with a page is reported, and does not mean that our objects are gone", async (context) => {
    const { url } = await serveFailure(context, { status: 200, reason: "OK", body: "<html>" });
    assert.match((await errorOf(flowId(clientOf(url), "f"))).message, /is not authentik's API/);
  });

  test("with a redirect is reported with the redirect's target", async (context) => {
    const { url } = await serve(context, (_request, response) => {
      response.writeHead(301, { Location: "https://auth.example.com/api" }).end();
    });
    const { message } = await errorOf(clientOf(url).version());
    assert.match(
      message,
      /redirects GET \/api\/v3\/admin\/version\/ to https:\/\/auth\.example\.com\/api\. Configure the address/,
    );
  });
});

test("an error about a missing reference says to run refresh", async (context) => {
  const body = '{"group":["Invalid pk \\"4711\\" - object does not exist."]}';
  const { url } = await serveFailure(context, { status: 400, reason: "", body });
  const { message } = await errorOf(clientOf(url).applications.create({}));
  assert.match(message, /Invalid pk "4711" .* is gone from authentik: run pulumi refresh.*then pulumi up/);
});
