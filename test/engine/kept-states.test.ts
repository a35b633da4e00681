import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { clientOf } from "../lab/proxmox-client";
import { sample } from "../tools/sample";
import { stackMadeBy } from "./earlier-commit";
import { assertUnchanged, configFor } from "./harness";
import { empty, Servers } from "./servers";
import type { ConfigValues, Stack } from "./stack";

/** The version before config, components and commands shared one resolved model. */
const commitBefore = "26933d2";

/** upgrade.test.ts has a stack with access. */
const made: Record<string, (servers: Servers, south: RunningProxmox) => ConfigValues> = {
  "one cluster on an authentik that exists, open to everybody": configFor,
  "names of its own for all that has one": (servers) => {
    const { plain, secret } = configFor(servers);
    const names = {
      realm: "sso",
      realmDefault: "true",
      usernameClaim: "username",
      applicationName: "Servers",
      applicationSlug: "servers",
    };
    return { plain: { ...plain, ...names }, secret };
  },
  "two clusters of different releases, each with its own access": (servers, south) => {
    const { plain, secret } = configFor(servers);
    const { "proxmoxAddresses[0]": address = "", proxmoxCa = "", allowEveryone: _, ...others } = plain;
    const { proxmoxToken = "", ...secrets } = secret;
    return {
      plain: {
        ...others,
        "clusters.north.addresses[0]": address,
        "clusters.north.ca": proxmoxCa,
        'clusters.north.access["authentik Admins"].as': "admins",
        'clusters.north.access["authentik Admins"]["/"]': "Administrator",
        "clusters.south.addresses[0]": south.url,
        "clusters.south.ca": south.caPem,
        "clusters.south.allowEveryone": "true",
      },
      secret: { ...secrets, "proxmoxToken-north": proxmoxToken, "proxmoxToken-south": southToken },
    };
  },
};

const southToken = "root@pam!engine=3f1a7c52-8c0b-4f7e-9d52-6f2c9f0c7a11";

for (const [name, configOf] of sample(Object.entries(made), ([name]) => /^two clusters/.test(name))) {
  describe(`a stack of an earlier version, with ${name}`, () => {
    let servers: Servers;
    let south: RunningProxmox;
    let stack: Stack;
    let folder: string;

    before(async () => {
      servers = await Servers.start();
      south = await startProxmox({
        port: 0,
        release: "8.4",
        rootPassword: "of no use",
        tokens: [southToken],
        authenticationDelayMs: 0,
      });
      folder = await mkdtemp(join(tmpdir(), "engine-kept-"));
      stack = await stackMadeBy(commitBefore, configOf(servers, south), folder);
    });

    after(async () => {
      await stack?.remove();
      await south?.close();
      await servers?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it("passes a preview, a refresh and an up without changes", async () => {
      assertUnchanged(await stack.preview());
      assertUnchanged(await stack.refresh());
      assertUnchanged(await stack.up());
    });

    it("is destroyed without leftovers, on both sides", async () => {
      await stack.destroy();
      assert.deepEqual(await servers.inventory(), empty);
      const api = clientOf(south, southToken);
      const { data } = await api.call("GET", "/access/domains");
      await api.close();
      const realms = Object.values(Object(data)).map((domain) => Object(domain).realm);
      assert.deepEqual(realms.sort(), ["pam", "pve"]);
    });
  });
}
