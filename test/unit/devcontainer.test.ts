import assert from "node:assert/strict";
import { test } from "node:test";
import { minVersion, satisfies } from "semver";
import { usualPlace } from "../../lab/local/place";
import { engines } from "../../package.json";
import { read } from "../docs/markdown";
import { nginx, registry, sshServer } from "../tools/test-programs";

const container = JSON.parse(read(".devcontainer/devcontainer.json"));

test("the dev container has a supported Node.js, the lab's ports, and the programs that only tests need", () => {
  const [, major = ""] = /typescript-node:(\d+)-bookworm$/.exec(container.image) ?? [];
  assert.ok(satisfies(minVersion(major) ?? "", engines.node), container.image);
  assert.deepEqual(container.forwardPorts, [usualPlace.proxmox, usualPlace.authentikHttps]);
  for (const { debianPackage } of [nginx, sshServer, registry]) {
    assert.ok(container.onCreateCommand.includes(debianPackage), debianPackage);
  }
  assert.match(container.onCreateCommand, /chromium-headless-shell/);
});
