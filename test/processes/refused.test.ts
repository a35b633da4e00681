import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const cache = mkdtempSync(join(tmpdir(), "cache-"));
process.env.PROXMOX_AUTHENTIK_SSO_CACHE = cache;
after(() => rmSync(cache, { recursive: true }));

/** Loaded late, because the module reads the cache's path when it is loaded. */
const { tryDownload }: typeof import("../../lab/toolchain/refused") = require("../../lab/toolchain/refused");

test("a download that failed is not repeated at once, and its last line is reported", async () => {
  const said: string[] = [];
  let attempts = 0;
  const refused = () => {
    attempts++;
    return Promise.reject(new Error("docker pull: failed (1)\nno such host"));
  };
  assert.equal(await tryDownload("image:1", (text) => said.push(text), refused), false);
  assert.equal(await tryDownload("image:1", (text) => said.push(text), refused), false);
  assert.equal(attempts, 1);
  assert.deepEqual(said, ["downloading image:1", "could not download image:1: no such host"]);
});

test("a refused version does not block another one", async () => {
  assert.equal(
    await tryDownload(
      "image:2",
      () => {},
      async () => "done",
    ),
    true,
  );
});
