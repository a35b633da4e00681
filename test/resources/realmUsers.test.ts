import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { Life } from "./life";
import { ProxmoxSimulator, providerOf } from "./simulators";

const proxmox = new ProxmoxSimulator("9.2");

suite("the users of a deleted realm", () => {
  async function realm(usersOnDelete?: string): Promise<Life> {
    const life = new Life(await providerOf(openIdRealmDefinition));
    await life.create({
      proxmox: proxmox.connection,
      realm: "sso",
      issuerUrl: "https://auth.example.com/application/o/proxmox/",
      clientId: "proxmox",
      usersOnDelete,
    });
    for (const userid of ["bob@sso", "alice@sso", "carol@other"]) {
      await proxmox.call("POST", "/access/users", { userid });
    }
    return life;
  }

  const remaining = () =>
    Object.keys(proxmox.node.store.config.users).filter((id) => /@(sso|other)$/.test(id));
  const realms = async () =>
    Object.values(await proxmox.call("GET", "/access/domains"))
      .map(Object)
      .map(({ realm }) => realm);

  async function clear(): Promise<void> {
    for (const userid of remaining()) await proxmox.call("DELETE", `/access/users/${userid}`);
  }

  function lines({ mock }: TestContext): string[] {
    const said: string[] = [];
    mock.method(console, "log", (line: string) => said.push(line));
    return said;
  }

  test("are kept by default, and named", async (context) => {
    const said = lines(context);
    const life = await realm();
    await life.delete();
    assert.deepEqual(remaining().length, 3);
    assert.deepEqual(said, [
      "Users of the realm sso stay on Proxmox, without a way to log in: alice@sso, bob@sso. " +
        "Each can be removed on a node by pveum user delete, e.g. pveum user delete 'alice@sso'.",
    ]);
    await clear();
  });

  test("are deleted after the realm if `usersOnDelete` says so, and those of others stay", async (context) => {
    const said = lines(context);
    const life = await realm("remove");
    const before = proxmox.requests.length;
    await life.delete();
    assert.deepEqual(remaining(), ["carol@other"]);
    assert.deepEqual(said, ["Removed the users of the realm sso: alice@sso, bob@sso."]);
    const writes = proxmox.requests.slice(before).filter((request) => !request.startsWith("GET"));
    assert.deepEqual(
      writes.map((request) => decodeURIComponent(request)),
      [
        "DELETE /api2/json/access/domains/sso",
        "DELETE /api2/json/access/users/alice@sso",
        "DELETE /api2/json/access/users/bob@sso",
      ],
    );
    await clear();
  });

  test("prevent its deletion if `usersOnDelete` says so", async () => {
    const life = await realm("refuse");
    await assert.rejects(life.delete(), {
      name: "UserError",
      message: /it has users: alice@sso, bob@sso\. Remove them/,
    });
    assert.ok((await realms()).includes("sso"));
    await clear();
    await life.delete();
    assert.ok(!(await realms()).includes("sso"));
  });

  for (const usersOnDelete of ["refuse", "remove"]) {
    test(`are not treated as none if the token cannot read them: ${usersOnDelete}`, async () => {
      const life = await realm(usersOnDelete);
      await proxmox.call("POST", "/access/roles", { roleid: "OnlyRealms", privs: "Realm.Allocate" });
      await proxmox.call("POST", "/access/users", { userid: "half-blind@pve" });
      await proxmox.call("PUT", "/access/acl", {
        path: "/access",
        roles: "OnlyRealms",
        users: "half-blind@pve",
      });
      const proxmoxToken = await proxmox.tokenOf("half-blind@pve");
      const blind = life.by(await providerOf(openIdRealmDefinition, { proxmoxToken }));
      await assert.rejects(blind.delete(), {
        name: "UserError",
        message:
          /the API token may not see the users of the realm, .*Missing: User\.Modify or Sys\.Audit on \/access\/groups/,
      });
      assert.ok((await realms()).includes("sso"));
      await clear();
      await proxmox.call("DELETE", "/access/users/half-blind@pve");
      await proxmox.call("DELETE", "/access/roles/OnlyRealms");
      await life.delete();
    });
  }
});
