import assert from "node:assert/strict";
import { createServer } from "node:https";
import { suite, type TestContext, test } from "node:test";
import type { AxiosInstance } from "axios";
import { createHttp } from "../../../../providers/http/client";
import { paces } from "../../../../providers/http/pace";
import { timeoutMilliseconds } from "../../../../providers/http/timeout";
import { issueCertificate } from "../../../../providers/pki/certificate";
import { freePort, serve, skipPauses } from "./server";

const attempts = 5;

function clientOf(url: string): AxiosInstance {
  const isTransient = ({ response }: { response?: { status: number } | undefined }) =>
    response?.status === 503;
  return createHttp({ baseUrl: url, headers: { "X-Test": "1" }, isTransient });
}

suite("requests that fail temporarily", () => {
  test("are retried until they succeed", async (context) => {
    skipPauses(context);
    const { url, requests } = await serve(context, (_request, response, count) => {
      response.writeHead(count < 4 ? 503 : 200).end("{}");
    });
    assert.equal((await clientOf(url).get("/x")).status, 200);
    assert.equal(requests.length, 4);
  });

  test("end after a fixed number of attempts, with growing pauses", async (context) => {
    const pauses = skipPauses(context);
    const { url, requests } = await serve(context, (_request, response) => {
      response.writeHead(503).end();
    });
    await assert.rejects(clientOf(url).get("/x"), /503/);
    assert.equal(requests.length, attempts);
    assert.deepEqual(
      pauses,
      [...pauses].sort((a, b) => a - b),
    );
    assert.ok(pauses.length === attempts - 1 && (pauses.at(-1) ?? 0) < 10_000);
  });

  test("are printed once for each server and reason, with the request and the cause", async (context) => {
    skipPauses(context);
    const told = context.mock.method(console, "log", () => {});
    const { url } = await serve(context, (_request, response) => {
      response.writeHead(503).end();
    });
    await assert.rejects(clientOf(url).get("/x"), /503/);
    await assert.rejects(clientOf(url).get("/y"), /503/);
    assert.deepEqual(
      told.mock.calls.map(({ arguments: [line] }) => line),
      [`GET ${url}/x failed (503); trying again, at most 4 times`],
    );
  });

  test("are printed with their full address, without its query", async (context) => {
    skipPauses(context);
    const told = context.mock.method(console, "log", () => {});
    const busy = () => serve(context, (_request, response) => void response.writeHead(503).end());
    const [{ url }, { url: other }] = [await busy(), await busy()];
    await assert.rejects(clientOf(`${url}/below/`).get("/x?code=secret"), /503/);
    await assert.rejects(clientOf(url).get(`${other}/y?state=secret`), /503/);
    assert.deepEqual(
      [...new Set(told.mock.calls.map(({ arguments: [line] }) => String(line).split(" failed")[0]))],
      [`GET ${url}/below/x`, `GET ${other}/y`],
    );
  });

  test("are not retried if the answer is final", async (context) => {
    skipPauses(context);
    const { url, requests } = await serve(context, (_request, response) => {
      response.writeHead(400).end();
    });
    await assert.rejects(clientOf(url).get("/x"), /400/);
    assert.equal(requests.length, 1);
  });

  test("wait for the time in Retry-After", async (context) => {
    const pauses = skipPauses(context);
    const { url } = await serve(context, (_request, response, count) => {
      response.writeHead(count === 1 ? 503 : 200, { "Retry-After": "5" }).end("{}");
    });
    await clientOf(url).get("/x");
    const [pause = 0] = pauses;
    assert.ok(pause >= 5000 && pause < 6500, `${pause}`);
  });

  test("do not wait an hour for a long Retry-After", async (context) => {
    const pauses = skipPauses(context);
    const { url } = await serve(context, (_request, response, count) => {
      response.writeHead(count === 1 ? 503 : 200, { "Retry-After": "3600" }).end("{}");
    });
    await clientOf(url).get("/x");
    assert.deepEqual(pauses, [10_000]);
  });
});

suite("connections that break", () => {
  async function serveResets(context: TestContext) {
    skipPauses(context);
    return serve(context, (request) => request.socket.destroy());
  }

  for (const method of ["get", "head", "put", "patch", "delete"]) {
    test(`retry a ${method.toUpperCase()}, which is idempotent`, async (context) => {
      const { url, requests } = await serveResets(context);
      await assert.rejects(clientOf(url).request({ method, url: "/x" }), { code: "ECONNRESET" });
      assert.equal(requests.length, attempts);
    });
  }

  test("do not retry a POST, which may have succeeded", async (context) => {
    const { url, requests } = await serveResets(context);
    await assert.rejects(clientOf(url).post("/x"), { code: "ECONNRESET" });
    assert.equal(requests.length, 1);
  });

  test("retry a GET whose answer ends early", async (context) => {
    skipPauses(context);
    const { url, requests } = await serve(context, (_request, response, count) => {
      response.writeHead(200, { "Content-Length": "4" });
      if (count === 1) response.write("{", () => response.destroy());
      else response.end("{  }");
    });
    assert.equal((await clientOf(url).get("/x")).status, 200);
    assert.equal(requests.length, 2);
  });

  test("are retried if they were refused, a POST too, because it was never sent", async (context) => {
    const port = await freePort();
    const pauses = skipPauses(context, async (count) => {
      if (count === 2) await serve(context, (_request, response) => response.writeHead(201).end("{}"), port);
    });
    assert.equal((await clientOf(`http://127.0.0.1:${port}`).post("/x")).status, 201);
    assert.equal(pauses.length, 2);
  });
});

suite("a time-out", () => {
  test("of 35 s can be changed", () => {
    assert.equal(timeoutMilliseconds({}), 35_000);
    assert.equal(timeoutMilliseconds({ timeoutSeconds: "120" }), 120_000);
  });

  for (const timeoutSeconds of ["0", "-1", "soon", "601"]) {
    test(`cannot be "${timeoutSeconds}"`, () => {
      assert.throws(() => timeoutMilliseconds({ timeoutSeconds }), {
        name: "UserError",
        message: /"pulumi-nodejs:timeoutSeconds" is .*at most 600/,
      });
    });
  }

  test("is retried only once, because the next attempt takes as long", async (context) => {
    const { url, requests } = await serve(context, () => {});
    const http = clientOf(url);
    http.defaults.timeout = 300;
    await assert.rejects(http.get("/x"), { code: "ECONNABORTED" });
    assert.equal(requests.length, 2);
  });
});

test("the time-out ends an answer that arrives byte by byte", async (context) => {
  const { url } = await serve(context, (_request, response) => {
    const drops = setInterval(() => response.write(" "), 50);
    response.once("close", () => clearInterval(drops));
  });
  const http = clientOf(url);
  http.defaults.timeout = 300;
  const begun = Date.now();
  await assert.rejects(http.get("/x"), { code: "ECONNABORTED" });
  assert.ok(Date.now() - begun < 5000);
});

test("an endless answer is cut off before it fills the memory", async (context) => {
  const { url } = await serve(context, (_request, response) => {
    const chunk = Buffer.alloc(1024 * 1024);
    const pour = () => {
      while (!response.destroyed && response.write(chunk)) {}
    };
    response.on("drain", pour);
    pour();
  });
  await assert.rejects(clientOf(url).post("/x"), /maxContentLength/);
});

suite("every request", () => {
  test("has a time-out", () => {
    const timeout = clientOf("http://127.0.0.1").defaults.timeout ?? 0;
    assert.ok(timeout > 30_000 && timeout < 60_000);
  });

  test("goes to the base URL, with or without a slash at the end, with its headers", async (context) => {
    const { url, requests } = await serve(context, (request, response) => {
      response.end(JSON.stringify(request.headers));
    });
    const { data } = await clientOf(`${url}/`).get<Record<string, string>>("/x");
    assert.deepEqual(requests, ["GET /x"]);
    assert.equal(data["x-test"], "1");
    assert.equal(data.accept, "application/json");
  });

  test("follows no redirect, which would send the token elsewhere", async (context) => {
    const { url, requests } = await serve(context, (_request, response) => {
      response.writeHead(302, { Location: "/elsewhere" }).end();
    });
    await assert.rejects(clientOf(url).get("/x"), /302/);
    assert.deepEqual(requests, ["GET /x"]);
  });

  test("trusts only the given CA", async (context) => {
    const { certificate, privateKey } = await issueCertificate({
      commonName: "localhost",
      subjectAltNames: ["127.0.0.1"],
      validityDays: 1,
      keySize: 2048,
    });
    const server = createServer({ cert: certificate, key: privateKey }, (_request, response) =>
      response.end("{}"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    context.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const options = { baseUrl: `https://127.0.0.1:${address.port}`, headers: {}, isTransient: () => false };
    assert.equal((await createHttp({ ...options, caCertificate: certificate }).get("/")).status, 200);
    await assert.rejects(createHttp(options).get("/"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });
});

test("all clients of one server share a limit of simultaneous requests", async (context) => {
  let open = 0;
  let most = 0;
  const { url, requests } = await serve(context, (_request, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end("{}");
    }, 5);
  });
  const clients = [clientOf(url), clientOf(url)];
  await Promise.all(Array.from({ length: 10 }).flatMap(() => clients.map((client) => client.get("/x"))));
  assert.equal(requests.length, 20);
  assert.equal(most, 4);
});

test("an overloaded server gets fewer requests at a time", async (context) => {
  skipPauses(context);
  context.mock.method(console, "log", () => {});
  const { url } = await serve(context, (_request, response) => void response.writeHead(503).end());
  const before = paces.of(url).atOnce;
  await assert.rejects(clientOf(url).get("/x"), /503/);
  assert.equal(paces.of(url).atOnce, before);
  const client = createHttp({ baseUrl: url, headers: {}, isPaced: true, isTransient: () => false });
  await assert.rejects(client.get("/x"), /503/);
  assert.equal(paces.of(url).atOnce, before / 2);
});
