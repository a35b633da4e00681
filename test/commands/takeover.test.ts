import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { accessOf } from "../../cli/takeover/access";
import { faultsOf } from "../../cli/takeover/faults";
import { type HandMade, readHandMade } from "../../cli/takeover/hand-made";
import { serversIn } from "../../cli/takeover/servers";
import { type JsonObject, Servers } from "../engine/servers";
import { type ByHand, setUpByHand, slug } from "./by-hand";

describe("a sign-on that was set up by hand", () => {
  let servers: Servers;
  let made: ByHand;

  before(async () => {
    servers = await Servers.start();
    made = await setUpByHand(servers);
  });
  after(() => servers.stop());

  const known = (changes: Record<string, string | undefined> = {}, cluster?: string) =>
    serversIn(
      {
        "pulumi-nodejs:authentikToken": servers.authentikToken,
        "pulumi-nodejs:proxmoxToken": servers.proxmoxToken,
        "proxmox-authentik-sso:authentikUrl": servers.authentik.httpUrl,
        "proxmox-authentik-sso:deployAuthentik": "false",
        "proxmox-authentik-sso:proxmoxAddresses": JSON.stringify([servers.proxmox.url]),
        "proxmox-authentik-sso:proxmoxCa": servers.proxmox.caPem,
        ...changes,
      },
      cluster,
    );
  const faults = async (realm?: string) => faultsOf(await readHandMade(known(), realm), known());
  const change = (options: JsonObject) =>
    servers.inAuthentik("PATCH", `providers/oauth2/${made.provider.pk}/`, options);

  it("has no finding if it follows the good guides", async () => {
    assert.deepEqual(await faults(), []);
  });

  const wrong: [string, (made: ByHand) => JsonObject, RegExp][] = [
    ["an encryption key", ({ provider }) => ({ encryption_key: provider.signing_key }), /an encryption key/],
    ["no signing key", () => ({ signing_key: null }), /no signing key/],
    ["a global issuer", () => ({ issuer_mode: "global" }), /issuer mode is global/],
    ["no redirect URIs", () => ({ redirect_uris: [] }), /stores the first one that anybody sends/],
    [
      "a redirect URI with a slash",
      () => ({ redirect_uris: [{ matching_mode: "strict", url: "https://pve.example.com/" }] }),
      /removes the redirect URIs .*: https:\/\/pve\.example\.com\/\. Add/,
    ],
    ["a public client", () => ({ client_type: "public" }), /makes it confidential/],
    ["a secret with other characters", () => ({ client_secret: "a+b/c" }), /client secret has characters/],
  ];
  for (const [title, options, expected] of wrong) {
    it(`has the finding: ${title}`, async () => {
      const right: JsonObject = Object.fromEntries(
        Object.keys(options(made)).map((key) => [key, made.provider[key]]),
      );
      await change(options(made));
      const found = await faults();
      await change(right);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", expected);
    });
  }

  it("has the finding that the claim cannot be changed, if there are several realms", async () => {
    await servers.inProxmox("POST", "/access/domains", {
      realm: "guide",
      type: "openid",
      "issuer-url": made.issuerUrl,
      "client-id": String(made.provider.client_id),
    });
    await assert.rejects(readHandMade(known(), undefined), /several realms .*: authentik, guide\. .*--realm/);
    assert.match((await faults("guide")).join(), /claim "sub".*pveum realm delete guide/);
    await servers.inProxmox("DELETE", "/access/domains/guide");
  });

  it("is searched on one of several clusters, which the user must name", async () => {
    const clusters = { berlin: { addresses: [servers.proxmox.url], ca: servers.proxmox.caPem } };
    const changes = {
      "proxmox-authentik-sso:proxmoxAddresses": "[]",
      "proxmox-authentik-sso:proxmoxCa": "",
      "proxmox-authentik-sso:clusters": JSON.stringify(clusters),
      "pulumi-nodejs:proxmoxToken": undefined,
      "pulumi-nodejs:proxmoxToken-berlin": servers.proxmoxToken,
    };
    assert.throws(() => known(changes), /only `clusters`\. Select one: --cluster berlin/);
    assert.throws(() => known(changes, "munich"), /no cluster "munich" \(it has: berlin\)/);
    const { application } = await readHandMade(known(changes, "berlin"), undefined);
    assert.equal(application.slug, slug);
  });

  it("is not searched before the stack knows both servers", () => {
    assert.throws(
      () => known({ "proxmox-authentik-sso:deployAuthentik": "true" }),
      /The stack's config must describe both servers first/,
    );
  });

  it("requires a provider: a realm without one is reported", async () => {
    await servers.inProxmox("PUT", "/access/domains/authentik", { "client-id": "gone" });
    await assert.rejects(
      readHandMade(known(), undefined),
      /no application whose provider has the client ID "gone"/,
    );
    await servers.inProxmox("PUT", "/access/domains/authentik", {
      "client-id": String(made.provider.client_id),
    });
  });

  describe("bindings and permissions", () => {
    const group = (pk: string, name: string) => ({ pk, name });
    const binding = (subject: object) => ({
      enabled: true,
      negate: false,
      group: null,
      user: null,
      policy: null,
      ...subject,
    });
    const entry = (ugid: string, path: string, roleid: string, propagate = 1) => ({
      type: "group",
      ugid,
      path,
      roleid,
      propagate,
    });

    async function access(bindings: object[], acl: object[], more: object = {}) {
      const handMade = await readHandMade(known(), undefined);
      const authentikGroups = [
        group("1", "pve-admins"),
        group("2", "pve-users"),
        group("3", "authentik Admins"),
      ];
      const { config, notes } = accessOf(
        Object.assign(handMade, { bindings, acl, authentikGroups, ...more }) satisfies HandMade,
      );
      return { config, notes: notes.join("\n") };
    }

    it("become one declaration", async () => {
      const { config, notes } = await access(
        [binding({ group: "1" }), binding({ group: "2" }), binding({ group: "3" })],
        [
          entry("pve-admins-authentik", "/", "Administrator"),
          entry("pve-users-authentik", "/vms", "PVEVMUser"),
          entry("pve-users-authentik", "/vms", "PVEAuditor"),
          entry("pve-users-authentik", "/storage/local", "PVEDatastoreUser", 0),
          entry("pve-users-authentik", "/pool/a", "PVEPoolUser"),
          entry("pve-users-authentik", "/pool/a", "PVEPoolAdmin", 0),
          entry("other", "/", "Administrator"),
        ],
      );
      assert.deepEqual(config, {
        access: {
          "authentik Admins": { as: "authentik-Admins" },
          "pve-admins": { "/": "Administrator" },
          "pve-users": {
            "/pool/a": ["PVEPoolUser", { role: ["PVEPoolAdmin"], propagate: false }],
            "/storage/local": { role: ["PVEDatastoreUser"], propagate: false },
            "/vms": ["PVEAuditor", "PVEVMUser"],
          },
        },
      });
      assert.match(notes, /^The next login sets the membership/);
    });

    it("have their members in the declaration if Proxmox does not learn them at login", async () => {
      const user = (userid: string, ...groups: string[]) => ({ userid, groups });
      const { config, notes } = await access(
        [binding({ group: "1" }), binding({ group: "2" })],
        [entry("pve-users-authentik", "/vms", "PVEVMUser")],
        {
          version: "8.3",
          users: [
            user("bob@authentik", "pve-users-authentik"),
            user("alice@authentik", "pve-admins-authentik", "pve-users-authentik"),
            user("root@pam", "pve-users-authentik"),
          ],
        },
      );
      assert.deepEqual(config.access, {
        "pve-admins": { as: "pve-admins", members: ["alice"] },
        "pve-users": { "/vms": "PVEVMUser", members: ["alice", "bob"] },
      });
      assert.match(notes, /Proxmox VE 8\.3 does not read groups at login, so `members` lists/);
    });

    it("become `allowEveryone` if there are none", async () => {
      assert.deepEqual(await access([], []), { config: { allowEveryone: true }, notes: "" });
    });

    it("list what is left out, and who else may log in", async () => {
      const { config, notes } = await access(
        [
          binding({ group: "1" }),
          binding({ user: 7 }),
          binding({ group: "3", negate: true }),
          binding({ group: "2", enabled: false }),
        ],
        [entry("pve-users-authentik", "/vms", "PVEVMUser"), entry("gone-authentik", "/", "PVEAuditor")],
      );
      assert.deepEqual(config, {
        access: { "pve-admins": { as: "pve-admins" }, "pve-users": { "/vms": "PVEVMUser" } },
        exclusiveAccess: false,
      });
      assert.match(notes, /binding to a user stays valid and unchanged/);
      assert.match(notes, /binding to a group, negated, stays valid and unchanged/);
      assert.match(notes, /"pve-users" has permissions on Proxmox but is not bound/);
      assert.match(notes, /"gone-authentik" has permissions on Proxmox, but authentik has no group "gone"/);
    });
  });
});
