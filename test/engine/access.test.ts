import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { assertUnchanged, changes, useEngine } from "./harness";
import { addUser, loginOf, moveUser } from "./login";
import { empty } from "./servers";

const password = "a-password-of-the-test";

/** akadmin, the user of the proof, is in the group that authentik makes itself. */
const access = {
  'access["authentik Admins"].as': "admins",
  'access["authentik Admins"]["/"]': "PVEAuditor",
  'access["pve-admins"]["/"]': "Administrator",
  'access["pve-users"]["/vms"]': "PVEVMUser",
  'access["pve-users"]["/storage/local"]': "PVEDatastoreUser",
};

describe("access from groups of authentik to roles on Proxmox", () => {
  const engine = useEngine();
  let bob: number;

  /** The privileges of a role, as Proxmox lists them. */
  async function privilegesOf(role: string): Promise<string[]> {
    return Object.keys(await engine.servers.inProxmox("GET", `/access/roles/${role}`)).sort();
  }

  before(async () => {
    await engine.stack.configure({ plain: { allowEveryone: "false", ...access } });
    await engine.stack.up();
    await addUser(engine.servers, "alice", password, ["pve-admins"]);
    bob = await addUser(engine.servers, "bob", password, ["pve-users"]);
    await addUser(engine.servers, "carol", password, []);
  });

  it("gives a user at the first login the roles of its group, and no others", async () => {
    const { userId, permissions } = await loginOf(engine.servers, "bob", password);
    assert.equal(userId, "bob@authentik");
    assert.deepEqual(permissions["/vms"], await privilegesOf("PVEVMUser"));
    assert.deepEqual(permissions["/storage/local"], await privilegesOf("PVEDatastoreUser"));
    const elsewhere = Object.entries(permissions).filter(
      ([path]) => path !== "/vms" && path !== "/storage/local",
    );
    assert.deepEqual(
      elsewhere.filter(([, privileges]) => privileges.length > 0),
      [],
    );
    const alice = await loginOf(engine.servers, "alice", password);
    assert.deepEqual(alice.permissions["/"], await privilegesOf("Administrator"));
  });

  it("maps the name of a group that Proxmox cannot have", async () => {
    const proved = await loginOf(engine.servers, "akadmin", engine.servers.authentikPassword);
    assert.deepEqual(proved.permissions["/"], await privilegesOf("PVEAuditor"));
  });

  it("lets nobody in who is in none of the groups", async () => {
    await assert.rejects(loginOf(engine.servers, "carol", password), /[Pp]ermission denied|denies/);
  });

  it("gives other rights at the next login to a user who has changed groups", async () => {
    await moveUser(engine.servers, bob, ["pve-admins"]);
    const admin = await loginOf(engine.servers, "bob", password);
    assert.deepEqual(admin.permissions["/"], await privilegesOf("Administrator"));
    await moveUser(engine.servers, bob, ["pve-users"]);
    const user = await loginOf(engine.servers, "bob", password);
    assert.equal(user.permissions["/"], undefined);
    assert.deepEqual(user.permissions["/vms"], await privilegesOf("PVEVMUser"));
  });

  it("is unchanged at a second up and a refresh, though users have come", async () => {
    assertUnchanged(await engine.stack.up());
    assertUnchanged(await engine.stack.refresh());
  });

  it("shows what was changed by hand, and mends it", async () => {
    const { servers, stack } = engine;
    await servers.inProxmox("PUT", "/access/acl", {
      path: "/vms",
      roles: "PVEVMUser",
      groups: "pve-users-authentik",
      delete: "1",
    });
    const [binding] = await servers.listInAuthentik("policies/bindings/");
    await servers.inAuthentik("DELETE", `policies/bindings/${binding?.pk}/`);
    const shown = changes(await stack.refresh());
    assert.match(shown.join(), /- 2 deleted/);
    assert.match(changes(await stack.up()).join(), /\+ 2 created/);
    const { permissions } = await loginOf(servers, "bob", password);
    assert.deepEqual(permissions["/vms"], await privilegesOf("PVEVMUser"));
  });

  it("touches only what belongs to it when a group is added", async () => {
    await engine.stack.configure({ plain: { 'access["auditors"]["/"]': "PVEAuditor" } });
    const output = await engine.stack.up();
    assert.deepEqual(changes(output).slice(0, 2), ["+ 4 created", "~ 2 updated"], output);
    for (const made of ["group-auditors", "sso-binding-auditors", "sso-group-auditors", "sso-acl-auditors"]) {
      assert.match(output, new RegExp(`${made}\\S* created`));
    }
    for (const touched of ["sso-groups", "sso-proof"]) assert.match(output, new RegExp(`${touched} updated`));
  });

  it("is removed without leftovers but the groups and users that it did not make", async () => {
    const output = await engine.stack.destroy();
    assert.match(output, /alice@authentik, bob@authentik/);
    const { servers } = engine;
    assert.deepEqual({ ...(await servers.inventory()), users: [] }, empty);
    const groups = (await servers.listInAuthentik("core/groups/")).map(({ name }) => name);
    assert.ok(groups.includes("authentik Admins"));
    assert.ok(!groups.includes("pve-admins"));
    assert.deepEqual(Object.values(await servers.inProxmox("GET", "/access/groups")), []);
    assert.deepEqual(Object.values(await servers.inProxmox("GET", "/access/acl")), []);
  });
});
