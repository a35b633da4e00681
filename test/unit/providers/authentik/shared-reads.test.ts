import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { AuthentikClient } from "../../../../providers/authentik/client";
import { serve } from "../http/server";

/** An authentik with this number of groups, including `1` and `2`. Records its requests. */
async function authentikWith(context: TestContext, count: number) {
  const { url, requests } = await serve(context, ({ url: path = "" }, response) => {
    const page = Number(/[?&]page=(\d+)/.exec(path)?.[1] ?? "1");
    const [, key] = /^\/api\/v3\/core\/groups\/(\d+)\//.exec(path) ?? [];
    const next = page * 100 < count ? page + 1 : 0;
    const body = key ? { pk: key } : { pagination: { count, next }, results: [{ pk: String(page) }] };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(body));
  });
  const client = new AuthentikClient({ url, token: "t0ken", tokenConfigKey: "authentikToken" });
  return { client, requests };
}

test("objects that are read at the same time are read from pages of a hundred", async (context) => {
  const { client, requests } = await authentikWith(context, 150);
  const groups = await Promise.all([client.groups.read("1"), client.groups.read("2")]);
  assert.deepEqual(groups, [{ pk: "1" }, { pk: "2" }]);
  const first = "GET /api/v3/core/groups/?include_users=false&page_size=100";
  assert.deepEqual(requests, [first, `${first}&page=2`]);
});

test("a directory with thousands of objects is not read for a few of them", async (context) => {
  const { client, requests } = await authentikWith(context, 1001);
  await Promise.all([client.groups.read("1"), client.groups.read("2")]);
  assert.deepEqual(requests.slice(1), ["GET /api/v3/core/groups/2/"]);
});

test("a kind without a collection endpoint is listed completely, and is empty if this release lacks it", async (context) => {
  const { client, requests } = await authentikWith(context, 150);
  assert.deepEqual(await client.listAt("sources/all/"), [{ pk: "1" }, { pk: "2" }]);
  assert.deepEqual(requests, [
    "GET /api/v3/sources/all/?page_size=100",
    "GET /api/v3/sources/all/?page_size=100&page=2",
  ]);
  const answering = async (page: string) => {
    const { url } = await serve(context, (_, response) => {
      response.writeHead(404, { "Content-Type": "text/html; charset=utf-8" }).end(page);
    });
    return new AuthentikClient({ url, token: "t0ken", tokenConfigKey: "authentikToken" });
  };
  // As in the recording 017-unknown-endpoint-anon.
  const former = await answering("<html>Not Found <a>Powered by authentik</a></html>");
  assert.deepEqual(await former.listAt("sources/telegram/"), []);
  const proxy = await answering("<html>404 page not found</html>");
  await assert.rejects(proxy.listAt("sources/telegram/"), /is not authentik's API/);
});
