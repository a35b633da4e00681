import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { takeover } from "../../cli/commands/takeover";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { type JsonObject, Servers } from "../engine/servers";
import type { ByHand } from "./by-hand";
import { addGroups, setUpOnOther } from "./by-hand-other";
import { printedBy } from "./printed";

describe("npm run takeover", { concurrency: 1 }, () => {
  let servers: Servers;
  before(async () => {
    servers = await Servers.start();
    await addGroups(servers);
  });
  after(() => servers.stop());

  for (const [product, name, role, reader] of [
    ["backup", "Backup Server", "Admin", "Audit"],
    ["datacenter-manager", "Datacenter Manager", "Administrator", "Auditor"],
  ] as const) {
    describe(`on ${name}`, () => {
      let server: RunningAccessControl;
      let made: ByHand;
      const token = `root@pam!test:${randomUUID()}`;

      before(async () => {
        const options = { port: 0, rootPassword: "p4ssword", tokens: [token], authenticationDelayMs: 0 };
        server = await startAccessControl({ product, ...options });
        made = await setUpOnOther(servers, product, name, server);
      });
      after(() => server.close());

      /** The command on a stack with this config. The config commands that it runs come last. */
      async function run(
        options: { write?: boolean } = {},
      ): Promise<{ output: string; commands: string[][] }> {
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
          /groups on Proxmox|claim|pveum|proxmoxAddresses|version:|- realm: (?!comment)/,
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
});
