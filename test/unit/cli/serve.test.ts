import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { openInBrowser, servePage } from "../../../cli/show/serve";

/** Node's fetch cannot set the Host header. */
function get(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; refresh: unknown; body: string }>((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode, refresh: response.headers.refresh, body }),
      );
    });
    sent.on("error", reject).end();
  });
}

test("show --serve renders the page at each request, at its secret address only", async () => {
  let asked = 0;
  const page = await servePage(async () => {
    asked += 1;
    if (asked > 2) throw new Error("no passphrase");
    return `<p>${asked}</p>`;
  });
  try {
    assert.match(page.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}$/);
    assert.deepEqual(await get(page.url), { status: 200, refresh: "60", body: "<p>1</p>" });
    assert.equal((await get(page.url)).body, "<p>2</p>");
    assert.equal((await get(new URL("/", page.url).href)).status, 404);
    assert.equal((await get(page.url, { host: "evil.example.com" })).status, 404);
    assert.deepEqual(await get(page.url), { status: 500, refresh: "60", body: "no passphrase" });
  } finally {
    page.close();
  }
});

test("show --serve opens the browser without the secret address in its arguments", () => {
  const parent = mkdtempSync(join(tmpdir(), "serve-"));
  try {
    const url = "http://127.0.0.1:4000/a-secret-path";
    let opened: readonly string[] = [];
    const remove = openInBrowser(
      url,
      (command, args) => {
        opened = [command, ...args];
      },
      parent,
    );
    assert.ok(!opened.join(" ").includes("a-secret-path"), opened.join(" "));
    const file = opened.at(-1) ?? "";
    assert.ok(readFileSync(file, "utf8").includes(`content="0; url=${url}"`));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(file)).mode & 0o777, 0o700);
    remove();
    assert.ok(!existsSync(dirname(file)));
  } finally {
    rmSync(parent, { recursive: true });
  }
});
