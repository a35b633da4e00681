import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { takeover } from "../../cli/commands/takeover";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { addUser } from "../engine/login";
import { type JsonObject, Servers } from "../engine/servers";
import { type ByHand, realmOf, setUpInAuthentik } from "./by-hand";
import { printedBy } from "./printed";

for (const [product, name, role, ownRealm] of [
  ["backup", "Backup Server", "Admin", "pbs"],
  ["datacenter-manager", "Datacenter Manager", "Administrator", "pdm"],
] as const) {
  describe(`npm run takeover on ${name}`, () => {
    let servers: Servers;
    let server: RunningAccessControl;
    let made: ByHand;
    const token = `root@pam!test:${randomUUID()}`;

    before(async () => {
      servers = await Servers.start();
      server = await startAccessControl({
        product,
        port: 0,
        rootPassword: "p4ssword",
        tokens: [token],
        authenticationDelayMs: 0,
      });
      made = await setUpInAuthentik(servers, { name, slug: product, url: server.url });
      const { realms, users, acl } = server.node.store;
      const { realm: id = "", ...options } = realmOf(made);
      realms.set({ type: "openid", id, options: { ...options, autocreate: true, default: true } });
      for (const group of ["admins", "readers", "idle"]) await bindGroup(group);
      for (const [user, groups] of [
        ["alice", ["admins", "readers"]],
        ["bob", ["readers"]],
        ["newcomer", ["readers"]],
        ["carol", []],
      ] as const)
        await addUser(servers, user, "a password", [...groups]);
      for (const user of ["alice", "bob", "carol"]) {
        users.set({ type: "user", id: `${user}@authentik`, options: {} });
      }
      users.set({ type: "user", id: `alice@${ownRealm}`, options: {} });
      const reader = product === "backup" ? "Audit" : "Auditor";
      for (const [user, path, given, propagate] of [
        ["alice@authentik", "/", role, true],
        ["alice@authentik", "/system", reader, false],
        ["bob@authentik", "/system", reader, false],
        ["carol@authentik", "/access", reader, true],
        [`alice@${ownRealm}`, "/", role, true],
      ] as const)
        acl.set({ path, id: user, role: given, propagate });
    });
    after(async () => {
      await server.close();
      await servers.stop();
    });

    async function bindGroup(group: string): Promise<void> {
      const { pk } = await servers.inAuthentik("POST", "core/groups/", { name: group });
      await servers.inAuthentik("POST", "policies/bindings/", {
        target: made.application.pk,
        group: pk,
        order: 0,
      });
    }

    /** The command on a stack with this config. The config commands that it runs come last. */
    async function run(options: { write?: boolean } = {}): Promise<{ output: string; commands: string[][] }> {
      const clusters = { second: { product, addresses: [server.url], ca: server.caPem } };
      const values: Record<string, string> = {
        "pulumi-nodejs:authentikToken": servers.authentikToken,
        "pulumi-nodejs:proxmoxToken-second": token,
        "proxmox-authentik-sso:authentikUrl": servers.authentik.httpUrl,
        "proxmox-authentik-sso:deployAuthentik": "false",
        "proxmox-authentik-sso:clusters": JSON.stringify(clusters),
      };
      const config = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }]));
      const commands: string[][] = [];
      const pulumi = async (args: string[]) => {
        if (args.includes("--json")) return JSON.stringify(config);
        commands.push(args);
        return "";
      };
      const { output } = await printedBy(() => takeover(pulumi, { cluster: "second", ...options }));
      return { output, commands };
    }

    it("prints a config that keeps each role, by the groups whose members have it, and changes nothing", async () => {
      const before = structuredClone(server.node.store.acl.all);
      const { output } = await run();
      const reader = product === "backup" ? "Audit" : "Auditor";
      assert.ok(
        output.includes(
          `
  proxmox-authentik-sso:adopt: true
  proxmox-authentik-sso:clusters:
    second:
      realm: authentik
      realmDefault: true
      applicationName: ${name}
      applicationSlug: ${product}
      clientId: ${made.provider.client_id}
      access:
        admins:
          /: ${role}
          /system:
            role: ${reader}
            propagate: false
        idle:
          as: idle
        readers:
          /system:
            role: ${reader}
            propagate: false
`,
        ),
        output,
      );
      assert.ok(!output.includes(String(made.provider.client_secret)));
      assert.match(output, new RegExp(`"readers" has members without a user on ${name}: newcomer\\.`));
      assert.match(
        output,
        new RegExp(
          `of no group whose members all have them: ${reader} on /access for carol@authentik\\. They stay`,
        ),
      );
      assert.match(output, /realm: comment "company login" becomes "authentik \(single sign-on\)"/);
      assert.doesNotMatch(
        output,
        /groups on Proxmox|claim|pveum|proxmoxAddresses|version:|realm: (?!comment)/,
      );
      assert.deepEqual(server.node.store.acl.all, before);
    });

    it("writes the options to the entry, and the client secret encrypted", async () => {
      const { commands } = await run({ write: true });
      const [plain = [], secret = []] = commands;
      assert.ok(plain.includes('clusters.second.access.admins["/"]='.concat(role)), plain.join("\n"));
      assert.deepEqual(secret.slice(0, 3), ["config", "set", "--secret"]);
      assert.ok(secret.includes("clusters.second.clientSecret"));
    });

    it("says how a realm with another claim is created again, and names the addresses of the entry", async () => {
      const { realms } = server.node.store;
      const [realm] = realms.all.filter(({ id }) => id === "authentik");
      assert.ok(realm);
      realms.set({ ...realm, options: { ...realm.options, "username-claim": "sub" } });
      const redirect = [{ matching_mode: "strict", url: "https://elsewhere.example.com" }];
      const change = (options: JsonObject) =>
        servers.inAuthentik("PATCH", `providers/oauth2/${made.provider.pk}/`, options);
      await change({ redirect_uris: redirect });
      const { output } = await run();
      realms.set(realm);
      await change({ redirect_uris: [{ matching_mode: "strict", url: server.url }] });
      assert.match(output, /claim "sub".*in its web interface, Access Control > Realms/);
      assert.match(output, /`clusters\.second\.addresses` does not contain in exactly this form/);
    });

    it("needs a token that sees every user and permission", async () => {
      const { acl } = server.node.store;
      const lines = acl.all;
      acl.replaceAll(lines.filter(({ id }) => id !== "root@pam!test"));
      await assert.rejects(run(), /root@pam!test/);
      acl.replaceAll(lines);
    });
  });
}
