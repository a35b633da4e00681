import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { everything, shape } from "../faults/inventory";
import { inFullRun, sample } from "../tools/sample";
import { assertUnchanged, configFor } from "./harness";
import { empty, type JsonObject, Servers } from "./servers";
import { type ConfigValues, Stack } from "./stack";

const access = {
  'access["pve-admins"].as': "admins",
  'access["pve-admins"]["/vms"]': "PVEVMUser",
};

/** A stack with access for one group. The proof ends before the login, because there is no test user. */
function configWithAccess(servers: Servers, more: Record<string, string> = {}): ConfigValues {
  const { plain, secret } = configFor(servers);
  const { allowEveryone: _, testUsername: __, ...rest } = plain;
  const { testPassword: ___, ...credentials } = secret;
  return { plain: { ...rest, ...access, ...more }, secret: credentials };
}

const shapeOf = async (servers: Servers) => shape(await everything(servers));

async function groupsAndPermissions(servers: Servers): Promise<{ groups: unknown[]; permissions: string[] }> {
  const list = async (path: string) => Object.values(await servers.inProxmox("GET", path)).map(Object);
  return {
    groups: (await list("/access/groups")).map(({ groupid }) => groupid),
    permissions: (await list("/access/acl"))
      .filter(({ type }) => type === "group")
      .map(({ ugid, roleid, path }) => `${ugid} ${roleid} ${path}`),
  };
}

async function makeGrafana(servers: Servers): Promise<JsonObject> {
  const flow = (await servers.listInAuthentik("flows/instances/")).find(
    ({ slug }) => slug === "default-authentication-flow",
  );
  const [key] = await servers.listInAuthentik("crypto/certificatekeypairs/");
  return servers.inAuthentik("POST", "providers/oauth2/", {
    name: "Grafana",
    client_id: "grafana",
    client_secret: "grafana-secret",
    authorization_flow: flow?.pk,
    invalidation_flow: flow?.pk,
    signing_key: key?.pk,
    redirect_uris: [
      { matching_mode: "strict", url: "https://grafana/cb", redirect_uri_type: "authorization" },
    ],
  });
}

const grafanaNow = (servers: Servers, { pk }: JsonObject) =>
  servers.inAuthentik("GET", `providers/oauth2/${pk}/`);

describe("a stack with access", () => {
  let servers: Servers;
  let stack: Stack;
  let complete: unknown;

  before(async () => {
    servers = await Servers.start();
    stack = await Stack.create(configWithAccess(servers));
    await stack.up();
    complete = await shapeOf(servers);
  });
  after(async () => {
    await stack?.remove();
    await servers?.stop();
  });

  // test/ownership/moves.test.ts replaces each type without the CLI.
  for (const type of sample(
    [
      "authentik:Certificate",
      "authentik:OAuth2Provider",
      "authentik:Application",
      "authentik:PolicyBinding",
      "proxmox:Group",
      "proxmox:OpenIdRealm",
    ],
    (type) => /OAuth2Provider|proxmox:Group/.test(type),
  )) {
    it(`is complete again after \`pulumi up --replace\` of its ${type}`, async () => {
      const resource = (await stack.resources()).find((one) => one.type.endsWith(`/${type}`));
      assert.ok(resource);
      await stack.up("--replace", resource.urn);
      assert.deepEqual(await shapeOf(servers), complete);
      assertUnchanged(await stack.up());
    });
  }

  it("admits the same people after `pulumi up --replace` of its group in authentik, which bindings use", async () => {
    const before = await accessOf(servers, "proxmox");
    assert.deepEqual(before, { member: true, stranger: false });
    const resource = (await stack.resources()).find((one) => one.type.endsWith("/authentik:Group"));
    await stack.up("--replace", resource?.urn ?? "");
    assert.deepEqual(await accessOf(servers, "proxmox"), before);
    assertUnchanged(await stack.up());
  });

  it("keeps group and permissions on Proxmox when its group is renamed in authentik with the same `as`", async () => {
    const before = await groupsAndPermissions(servers);
    await stack.unset('access["pve-admins"]');
    await stack.configure({
      plain: { 'access["PVE Admins"].as': "admins", 'access["PVE Admins"]["/vms"]': "PVEVMUser" },
    });
    await stack.up();
    assert.deepEqual(await groupsAndPermissions(servers), before);
    assertUnchanged(await stack.up());
    assert.deepEqual(await groupsAndPermissions(servers), before);
  });

  it("leaves nothing when it is destroyed", async () => {
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
    assert.deepEqual(await groupsAndPermissions(servers), { groups: [], permissions: [] });
  });
});

describe("a key of `clusters` that is renamed", () => {
  for (const adopt of sample(["false", "true"], (value) => value === "false")) {
    it(`leaves everything unchanged with \`adopt\`: ${adopt}`, async () => {
      const servers = await Servers.start();
      const { plain, secret } = configWithAccess(servers, { adopt });
      const { proxmoxCa, "proxmoxAddresses[0]": address, ...rest } = plain;
      const { proxmoxToken = "", ...credentials } = secret;
      const cluster = (key: string): Record<string, string> => ({
        [`clusters.${key}.addresses[0]`]: address ?? "",
        [`clusters.${key}.ca`]: proxmoxCa ?? "",
        [`clusters.${key}.realm`]: "authentik",
        [`clusters.${key}.applicationSlug`]: "proxmox",
        [`clusters.${key}.applicationName`]: "Proxmox VE",
        // Proxmox stores no mark in a role. The state records that this stack created it.
        [`clusters.${key}.roles.Operator[0]`]: "VM.Audit",
      });
      const stack = await Stack.create({
        plain: { ...rest, ...cluster("berlin") },
        secret: { ...credentials, "proxmoxToken-berlin": proxmoxToken, "proxmoxToken-bln": proxmoxToken },
      });
      try {
        await stack.up();
        const [before, provider] = [await shapeOf(servers), await servers.provider()];
        await stack.unset("clusters.berlin");
        await stack.configure({ plain: cluster("bln") });
        await stack.up();
        assert.deepEqual(await shapeOf(servers), before);
        assert.equal((await servers.provider()).pk, provider.pk);
        assertUnchanged(await stack.up());
        await stack.destroy();
        const roles = Object.values(await servers.inProxmox("GET", "/access/roles")).map(Object);
        assert.ok(!roles.some(({ roleid }) => roleid === "Operator"));
      } finally {
        await stack.remove();
        await servers.stop();
      }
    });
  }
});

// test/ownership/moves.test.ts tries both without the CLI.
inFullRun(() => {
  describe("somebody else's provider with the integer id that ours had", () => {
    it("stays theirs when the config changes from a lab to a company's authentik", async () => {
      const [lab, company] = [await Servers.start(), await Servers.start()];
      const stack = await Stack.create(configFor(lab));
      try {
        const grafana = await makeGrafana(company);
        await stack.up();
        assert.equal((await lab.provider()).pk, grafana.pk, "the test needs the same id");
        await stack.configure({
          plain: { authentikUrl: company.authentikUrl },
          secret: { authentikToken: company.authentikToken, testPassword: company.authentikPassword },
        });
        for (const options of [[], ["--refresh"]]) {
          await stack.attempt("up", ...options);
          assert.deepEqual(await grafanaNow(company, grafana), grafana, `after up ${options}`);
        }
        await stack.attempt("destroy");
        assert.deepEqual(await grafanaNow(company, grafana), grafana, "after destroy");
      } finally {
        await stack.remove();
        await Promise.all([lab.stop(), company.stop()]);
      }
    });

    it("stays theirs when authentik was set up again, and ours is created next to it", async () => {
      const servers = await Servers.start();
      const stack = await Stack.create(configFor(servers));
      try {
        await stack.up();
        const { pk } = await servers.provider();
        await servers.authentik.close();
        await servers.startEmptyAuthentik();
        const grafana = await makeGrafana(servers);
        assert.equal(grafana.pk, pk, "the test needs the same id");
        await stack.up("--refresh");
        assert.deepEqual(await grafanaNow(servers, grafana), grafana);
        const names = (await servers.listInAuthentik("providers/oauth2/")).map(({ name }) => name);
        assert.deepEqual(names.sort(), ["Grafana", "Proxmox VE"]);
        await stack.destroy();
        assert.deepEqual(await servers.listInAuthentik("providers/oauth2/"), [grafana]);
      } finally {
        await stack.remove();
        await servers.stop();
      }
    });
  });
});

describe("two stacks that use one group of authentik", () => {
  it("leave the second one's application closed when the first is destroyed", async () => {
    const servers = await Servers.start();
    const named = (name: string) => ({ realm: name, applicationName: name, applicationSlug: name });
    const [first, second] = [
      await Stack.create(configWithAccess(servers, named("first"))),
      await Stack.create(configWithAccess(servers, named("second"))),
    ];
    try {
      await first.up();
      await second.up();
      const before = await accessOf(servers, "second");
      assert.deepEqual(before, { member: true, stranger: false });
      await first.attempt("destroy");
      assert.deepEqual(await accessOf(servers, "second"), before);
      assertUnchanged(await second.up());
    } finally {
      for (const stack of [first, second]) await stack.remove();
      await servers.stop();
    }
  });
});

/** Whether the application admits a member of `pve-admins`, and a user without groups. */
async function accessOf(servers: Servers, slug: string): Promise<{ member: unknown; stranger: unknown }> {
  const group = (await servers.listInAuthentik("core/groups/")).find(({ name }) => name === "pve-admins");
  const passes = async (username: string, groups: unknown[]) => {
    const { pk } = await servers.inAuthentik("POST", "core/users/", { username, name: username, groups });
    const path = `core/applications/${slug}/check_access/?for_user=${pk}`;
    const { passing } = await servers.inAuthentik("GET", path);
    await servers.inAuthentik("DELETE", `core/users/${pk}/`);
    return passing;
  };
  return { member: await passes("member", [group?.pk]), stranger: await passes("stranger", []) };
}
