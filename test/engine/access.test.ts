import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { accessOfTwoGroups, asAdmin, asUser } from "./access-config";
import { assertUnchanged, changes, useEngine } from "./harness";
import { addUser, assertMayExactly, loginOf, moveUser } from "./login";
import { empty, oldestWithGroups } from "./servers";

const password = "a-password-of-the-test";

describe("access from groups of authentik to roles on Proxmox", () => {
  const engine = useEngine(oldestWithGroups);
  let bob: number;
  let carol: number;

  before(async () => {
    await engine.stack.configure({ plain: { allowEveryone: "false", ...accessOfTwoGroups } });
    await engine.stack.up();
    await addUser(engine.servers, "alice", password, ["pve-admins"]);
    bob = await addUser(engine.servers, "bob", password, ["pve-users"]);
    carol = await addUser(engine.servers, "carol", password, []);
  });

  it("gives a user at the first login the roles of its group, and no others", async () => {
    await assertMayExactly(engine.servers, "bob", password, asUser);
    await assertMayExactly(engine.servers, "alice", password, asAdmin);
  });

  it("maps the name of a group that Proxmox cannot have", async () => {
    await assertMayExactly(engine.servers, "akadmin", engine.servers.authentikPassword, {
      "/": "PVEAuditor",
    });
  });

  it("lets nobody in who is in none of the groups", async () => {
    await assert.rejects(loginOf(engine.servers, "carol", password), /Permission denied/);
  });

  it("gives other rights at the next login to a user who has changed groups", async () => {
    await moveUser(engine.servers, bob, ["pve-admins"]);
    await assertMayExactly(engine.servers, "bob", password, asAdmin);
    await moveUser(engine.servers, bob, ["pve-users"]);
    await assertMayExactly(engine.servers, "bob", password, asUser);
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
    await assertMayExactly(servers, "bob", password, asUser);
  });

  it("shows who was let in, and what was permitted, by hand, and takes it back", async () => {
    const { servers, stack } = engine;
    const { pk: target } = await servers.application();
    await servers.inAuthentik("POST", "policies/bindings/", { target, user: carol, order: 0 });
    await servers.inProxmox("PUT", "/access/acl", {
      path: "/",
      roles: "PVEAdmin",
      groups: "pve-users-authentik",
    });
    await loginOf(servers, "carol", password);

    const shown = await stack.refresh();
    assert.match(shown, /sso-only-bindings updated.*\bbindings\b/);
    assert.match(shown, /Bound, but not declared: the user "carol"\. The next up removes this binding\./);
    assert.match(shown, /sso-only-permissions updated.*\bpermissions\b/);
    assert.match(
      shown,
      /Given, but not declared: PVEAdmin on \/ for pve-users-authentik\. The next up takes it away\./,
    );

    const output = await stack.up();
    assert.deepEqual(changes(output).slice(0, 1), ["~ 3 updated"], output);
    assert.match(output, /sso-proof updated/);
    await assert.rejects(loginOf(servers, "carol", password), /Permission denied/);
    await assertMayExactly(servers, "bob", password, asUser);
  });

  it("touches only what belongs to it when a group is added", async () => {
    await engine.stack.configure({ plain: { 'access["auditors"]["/"]': "PVEAuditor" } });
    const output = await engine.stack.up();
    assert.deepEqual(changes(output).slice(0, 2), ["+ 4 created", "~ 4 updated"], output);
    for (const made of ["group-auditors", "sso-binding-auditors", "sso-group-auditors", "sso-acl-auditors"]) {
      assert.match(output, new RegExp(`${made}\\S* created`));
    }
    for (const touched of ["sso-groups", "sso-only-bindings", "sso-only-permissions", "sso-proof"])
      assert.match(output, new RegExp(`${touched} updated`));
  });

  it("is removed without leftovers but the groups and users that it did not make", async () => {
    const output = await engine.stack.destroy();
    assert.match(output, /alice@authentik, bob@authentik, carol@authentik/);
    const { servers } = engine;
    assert.deepEqual({ ...(await servers.inventory()), users: [] }, empty);
    const groups = (await servers.listInAuthentik("core/groups/")).map(({ name }) => name);
    assert.ok(groups.includes("authentik Admins"));
    assert.ok(!groups.includes("pve-admins"));
    assert.deepEqual(Object.values(await servers.inProxmox("GET", "/access/groups")), []);
    assert.deepEqual(Object.values(await servers.inProxmox("GET", "/access/acl")), []);
  });
});
