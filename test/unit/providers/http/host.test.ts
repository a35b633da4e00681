import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseUrl } from "../../../../providers/http/host";

suite("a URL", () => {
  test("is read however often, with any letters in its name", () => {
    const hosts = new Set<string | undefined>();
    for (let call = 0; call < 20_000; call++) hosts.add(parseUrl("https://pve.bücher.example:8006")?.host);
    assert.deepEqual([...hosts], ["pve.xn--bcher-kva.example:8006"]);
  });

  test("that is invalid gives undefined", () => assert.equal(parseUrl("pve.example.com"), undefined));
});
