import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { mergeStackConfig } from "../../../lab/local/stack-config";

const committed = `
config:
  app:host: localhost
  app:ports:
    http: 9000
`;

const copy = `
encryptionsalt: v1:salt
config:
  app:host: an.old.value
  app:generated: only here
  app:token:
    secure: v1:cipher
  app:users:
    - name: alice
      password:
        secure: v1:cipher
`;

test("the first copy equals the committed file", () => {
  assert.deepEqual(parse(mergeStackConfig(committed, "")), parse(committed));
});

test("the copy keeps its salt and its additional keys, and takes the rest from the committed file", () => {
  assert.deepEqual(parse(mergeStackConfig(committed, copy)), {
    encryptionsalt: "v1:salt",
    config: {
      "app:host": "localhost",
      "app:ports": { http: 9000 },
      "app:generated": "only here",
      "app:token": { secure: "v1:cipher" },
      "app:users": [{ name: "alice", password: { secure: "v1:cipher" } }],
    },
  });
});

test("merging again changes nothing", () => {
  const once = mergeStackConfig(committed, copy);
  assert.equal(mergeStackConfig(committed, once), once);
});

test("a committed file without config is valid", () => {
  assert.deepEqual(
    parse(mergeStackConfig("config:\n", copy)).config,
    parse(mergeStackConfig("", copy)).config,
  );
});
