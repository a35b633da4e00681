import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { doctorContextOf } from "../../cli/doctor/context";
import { diagnose } from "../../cli/doctor/diagnose";
import { projectRoot } from "../../cli/paths";
import { overviewOf } from "../../cli/show/overview";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { backupServer } from "../../providers/backupServer/product";
import { Credentials } from "../../providers/core/credentials";
import { logIn } from "../../providers/sso/proof/authentikLogin";
import { Browser } from "../../providers/sso/proof/browser";
import { OtherLogin } from "../../providers/sso/proof/otherLogin";
import { exampleConfig } from "./example";
import { assertUnchanged, Engine } from "./harness";
import { addUser, assertMayExactly, moveUser } from "./login";
import { Servers } from "./servers";
import { Stack } from "./stack";

const token = "root@pam!engine:0b9e3e9c-5d5c-4a3c-8a6e-3f6f0f0f5d12";
const password = "p4ssword-of-both";

describe("Proxmox VE and Backup Server behind one authentik, as in the example,", () => {
  const engine = new Engine();
  let backup: RunningAccessControl;
  let alice: number;

  /** The roles of each user, as Backup Server has them. */
  const rights = () =>
    backup.node.store.acl.all
      .filter(({ id }) => id !== "root@pam!engine")
      .map(({ role, path, id }) => `${role} on ${path} for ${id}`)
      .sort();

  async function loginOnBackup(username: string): Promise<{ userId: string; paths: string[] }> {
    const page = new OtherLogin(
      backupServer,
      { url: backup.url, caCertificate: backup.caPem },
      "authentik",
      undefined,
    );
    const browser = new Browser(engine.servers.authentikUrl, {});
    const back = await logIn(browser, await page.authorizationUrl(backup.url), { username, password });
    const { code = "", state = "" } = Object.fromEntries(back.searchParams);
    const { username: userId, ticket } = await page.logIn(code, state, backup.url);
    return { userId, paths: Object.keys(await page.permissions(ticket)).sort() };
  }

  before(async () => {
    engine.servers = await Servers.start();
    backup = await startAccessControl({
      product: "backup",
      port: 0,
      rootPassword: "engine-root",
      tokens: [token],
      authenticationDelayMs: 0,
    });
    await engine.servers.inAuthentik("POST", "core/groups/", { name: "pve-users" });
    alice = await addUser(engine.servers, "alice", password, ["pve-users"]);
    const { httpUrl } = engine.servers.authentik;
    const { url, caPem } = engine.servers.proxmox;
    const plain = exampleConfig("backup-server.yaml", {
      "https://auth.example.com": httpUrl,
      "https://pve.example.com:8006": url,
      "https://pbs.example.com:8007": backup.url,
      proxmoxCa: caPem,
      "clusters.backup.ca": backup.caPem,
    });
    const { authentikToken, proxmoxToken } = engine.servers;
    const secret = { authentikToken, proxmoxToken, "proxmoxToken-backup": token };
    engine.stack = await Stack.create({ plain, secret }, projectRoot);
  });

  after(async () => {
    await engine.stack?.remove();
    await backup?.close();
    await engine.servers?.stop();
  });

  it("are set up by one up, and the next one changes nothing", async () => {
    const output = await engine.stack.up();
    assert.match(output, /backup-proof created/);
    assert.deepEqual(rights(), ["DatastoreReader on /datastore for alice@authentik"]);
    assertUnchanged(await engine.stack.up());
    const { clusters } = overviewOf("engine", JSON.parse(await engine.stack.export()));
    const onBackup = clusters.find(({ name }) => name === "backup");
    assert.equal(onBackup?.realm, "authentik");
    const byName = onBackup?.groups.filter(({ group }) => group === "by name");
    assert.deepEqual(byName?.map(({ grants, members }) => [grants, members]).sort(), [
      [["Admin on /"], []],
      [["DatastoreReader on /datastore"], ["alice@authentik"]],
    ]);
    assert.match(
      `${onBackup?.proof?.summary}`,
      /^A user that the proof made logged in to Proxmox Backup Server .*, and was removed\. Authentik refused it while it was in no group\./,
    );
    const left = backup.node.store.users.all.filter(({ id }) => id.startsWith("sso-proof-"));
    assert.deepEqual(left, []);
  });

  it("pass the doctor, whose checks each find their own fault on Backup Server", async () => {
    const context = await doctorContextOf((args) => engine.stack.capture(args));
    const ofBackup = async (changed: Partial<typeof context> = {}) =>
      (await diagnose({ ...context, ...changed })).filter(({ cluster }) => cluster === "backup");
    const findings = await ofBackup();
    assert.deepEqual(
      findings.filter(({ level }) => level !== "pass"),
      [],
    );
    const passed = new Set(findings.map(({ check }) => check));
    for (const check of [
      "Proxmox token",
      "Proxmox privileges",
      "Access on Proxmox",
      "authentik as Proxmox sees it",
    ])
      assert.ok(passed.has(check), check);

    const { acl, users, realms } = backup.node.store;
    const lines = acl.all;
    const [realm] = realms.all.filter(({ id }) => id === "authentik");
    assert.ok(realm);
    const faults: [check: string, says: RegExp, plant: () => unknown, undo: () => unknown, more?: object][] =
      [
        [
          "Proxmox token",
          /refuses the API token in config key "pulumi-nodejs:proxmoxToken-backup"/,
          () => {},
          () => {},
          {
            credentials: new Credentials(
              { get: () => "root@pam!engine:00000000-0000-0000-0000-000000000000" },
              {},
            ),
          },
        ],
        [
          "Proxmox privileges",
          /lacks Realm\.Allocate on \/access\/domains.*proxmox-backup-manager acl update \/access Admin --auth-id 'root@pam!engine'/s,
          () =>
            acl.replaceAll(lines.map((line) => (line.id.includes("!") ? { ...line, role: "Audit" } : line))),
          () => acl.replaceAll(lines),
        ],
        [
          "Realm",
          /authentik\.invalid/,
          () =>
            realms.set({
              ...realm,
              options: { ...realm.options, "issuer-url": "https://authentik.invalid/" },
            }),
          () => realms.set(realm),
        ],
        [
          "Access on Proxmox",
          /Declared in `access`, but missing on the server: DatastoreReader on \/datastore for alice@authentik/,
          () => acl.remove(({ id }) => id.startsWith("alice@")),
          () => acl.replaceAll(lines),
        ],
        [
          "Access on Proxmox",
          /On the server, but not declared in `access`: Admin on \/ for alice@authentik/,
          () => acl.set({ path: "/", id: "alice@authentik", role: "Admin", propagate: true }),
          () => acl.replaceAll(lines),
        ],
        [
          "User of the proof",
          /had left sso-proof-0123456789@authentik/,
          () => users.set({ type: "user", id: "sso-proof-0123456789@authentik", options: {} }),
          () => assert.equal(users.get("sso-proof-0123456789@authentik"), undefined),
        ],
      ];
    for (const [check, says, plant, undo, more] of faults) {
      plant();
      const faulty = (await ofBackup(more)).filter(({ level }) => level === "fail" || level === "warn");
      undo();
      assert.deepEqual(
        faulty.map((finding) => finding.check),
        [check],
        JSON.stringify(faulty),
      );
      assert.match(`${faulty[0]?.found} ${faulty[0]?.advice}`, says);
    }
  });

  it("admit a user of a group to both with the declared roles, and refuse a user of none", async () => {
    await addUser(engine.servers, "mallory", password, []);
    await assertMayExactly(engine.servers, "alice", password, { "/vms": "PVEVMUser" });
    assert.deepEqual(await loginOnBackup("alice"), { userId: "alice@authentik", paths: ["/datastore"] });
    await assert.rejects(loginOnBackup("mallory"), /mallory/);
    assert.equal(backup.node.store.users.get("mallory@authentik"), undefined);
  });

  it("follow the members of a group at the next up, and a preview sends no request", async () => {
    await addUser(engine.servers, "bob", password, ["pve-users"]);
    await moveUser(engine.servers, alice, []);
    const asked = await engine.servers.requestsOf(async () => assertUnchanged(await engine.stack.preview()));
    assert.deepEqual(asked, []);
    await engine.stack.up();
    assert.deepEqual(rights(), ["DatastoreReader on /datastore for bob@authentik"]);
    assert.equal(backup.node.store.users.get("alice@authentik"), undefined);
    await assert.rejects(loginOnBackup("alice"), /alice/);
  });

  it("keep the user of a member who is then listed by name, and leave nothing", async () => {
    const before = backup.node.store.users.get("bob@authentik");
    await engine.stack.configure({
      plain: {
        "access.pve-admins.backup.members[0]": "bob",
        "access.pve-users.backup.members[0]": "bob",
      },
    });
    const output = await engine.stack.up();
    assert.match(output, /The list of the users of Backup Server "authentik" stays/);
    assert.deepEqual(backup.node.store.users.get("bob@authentik"), before);
    assert.deepEqual(rights(), [
      "Admin on / for bob@authentik",
      "DatastoreReader on /datastore for bob@authentik",
    ]);
    await engine.stack.destroy();
    assert.deepEqual(rights(), []);
    assert.deepEqual(
      backup.node.store.realms.all.map(({ id }) => id),
      ["pbs", "pam"],
    );
  });
});
