import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import { createHttp } from "../../../../providers/http/client";
import { isAxiosError } from "../../../../providers/http/failures";
import { freePort, serve, skipPauses } from "./server";

/** Every way in which a log or a crash may print an error. */
function printed(error: unknown): string {
  const wrapped = new Error("a cause", { cause: error });
  const all = [error, wrapped, new AggregateError([error]), { error }];
  return all.map((one) => `${inspect(one, { depth: 20 })}${JSON.stringify(one)}${String(one)}`).join("\n");
}

async function errorOf(url: string): Promise<unknown> {
  const headers = { Authorization: "Bearer canary-token" };
  const http = createHttp({ baseUrl: url, headers, isTransient: () => true });
  const sent = http.put("/x", { password: "canary-password" }, { params: { code: "canary-code" } });
  return await sent.then(
    () => undefined,
    (error: unknown) => error,
  );
}

suite("an error of a request shows no token, body or answer if somebody prints it", () => {
  for (const status of [400, 503]) {
    test(`after ${status}`, async (context) => {
      skipPauses(context);
      context.mock.method(console, "log", () => {});
      const { url } = await serve(context, (_request, response) => {
        response.writeHead(status).end('{"client_secret":"canary-answer"}');
      });
      const error = await errorOf(url);
      assert.ok(isAxiosError(error));
      assert.equal(error.response?.status, status);
      assert.match(printed(error), /status code/);
      assert.doesNotMatch(printed(error), /canary/);
    });
  }

  test("without an answer", async (context) => {
    skipPauses(context);
    context.mock.method(console, "log", () => {});
    const error = await errorOf(`http://127.0.0.1:${await freePort()}`);
    assert.match(printed(error), /ECONNREFUSED/);
    assert.doesNotMatch(printed(error), /canary/);
  });
});
