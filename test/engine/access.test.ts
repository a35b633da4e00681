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

  it("refuses a user who is in none of the groups", async () => {
    await assert.rejects(loginOf(engine.servers, "carol", password), /Permission denied/);
  });

  it("changes the rights at the next login of a user who has changed groups", async () => {
    await moveUser(engine.servers, bob, ["pve-admins"]);
    await assertMayExactly(engine.servers, "bob", password, asAdmin);
    await moveUser(engine.servers, bob, ["pve-users"]);
    await assertMayExactly(engine.servers, "bob", password, asUser);
  });

  it("is unchanged after a second up and a refresh, although users have logged in", async () => {
    assertUnchanged(await engine.stack.up());
    assertUnchanged(await engine.stack.refresh());
  });

  it("shows changes made by hand, and corrects them", async () => {
    const { servers, stack } = engine;
    await servers.inProxmox("PUT", "/access/acl", {
      path: "/vms",
      roles: "PVEVMUser",
      groups: "pve-users-authentik",
      delete: "1",
    });
    const groups = await servers.listInAuthentik("core/groups/");
    const users = groups.find(({ name }) => name === "pve-users");
    const bindings = await servers.listInAuthentik("policies/bindings/");
    const binding = bindings.find(({ group }) => group === users?.pk);
    await servers.inAuthentik("DELETE", `policies/bindings/${binding?.pk}/`);
    const shown = changes(await stack.refresh());
    assert.match(shown.join(), /- 2 deleted/);
    assert.match(changes(await stack.up()).join(), /\+ 2 created/);
    await assertMayExactly(servers, "bob", password, asUser);
  });

  it("shows access and permissions that were granted by hand, and removes them", async () => {
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
      /Not declared in `access`: PVEAdmin on \/ for pve-users-authentik\. The next up removes it\./,
    );

    const output = await stack.up();
    assert.deepEqual(changes(output).slice(0, 1), ["~ 3 updated"], output);
    assert.match(output, /sso-proof updated/);
    await assert.rejects(loginOf(servers, "carol", password), /Permission denied/);
    await assertMayExactly(servers, "bob", password, asUser);
  });

  it("refuses invalid input at preview, all at once, and a role that Proxmox lacks in the up", async () => {
    const { stack } = engine;
    await stack.configure({
      plain: {
        realm: "pam",
        testUsername: "jürgen",
        'access["night shift"]["/vm"]': "pveadmin",
      },
    });
    const refused = await stack.failingPreview();
    for (const mistake of [
      /- realm is taken by Proxmox itself/,
      /- testUsername cannot be "jürgen".*ASCII/,
      /- access "night shift" cannot be the name of a group of Proxmox.*`as: "night-shift"`/,
      /- access "night shift" has a wrong path: "\/vm" .*It accepts \/, /,
      /- access "night shift" has the role "pveadmin" .*writes "PVEAdmin"/,
    ])
      assert.match(refused, mistake);
    await stack.configure({ plain: { testUsername: "akadmin" } });
    for (const key of ["realm", 'access["night shift"]']) await stack.unset(key);

    await stack.configure({ plain: { 'access["pve-users"]["/vms"]': "Operator" } });
    assert.match(
      await stack.failingUp(),
      /Proxmox has no role "Operator"\. It has Administrator, .*PVEVMUser/,
    );
    await assertMayExactly(engine.servers, "bob", password, asUser);
    await stack.configure({ plain: { 'access["pve-users"]["/vms"]': "PVEVMUser" } });
    assertUnchanged(await stack.up());
  });

  it("removes no binding in a run that failed to create another one, which would open the application", async () => {
    const { servers, stack } = engine;
    const { pk } = await servers.application();
    const bound = async () =>
      (await servers.listInAuthentik("policies/bindings/")).filter(({ target }) => target === pk).length;
    const [declared, closing] = [3, 1];
    await stack.configure({ plain: { 'access["others"]["/vms"]': "PVEVMUser" } });
    for (const group of ["pve-admins", "pve-users"]) await stack.unset(`access["${group}"]`);
    const path = "/api/v3/policies/bindings/";
    servers.disturbance.faults.push({ method: "POST", path, status: 403 });
    assert.match(await stack.failingUp("--continue-on-error"), /sso-binding-others \*\*creating failed\*\*/);
    servers.disturbance.faults.pop();
    assert.equal(await bound(), declared + closing);
    await assert.rejects(loginOf(servers, "carol", password), /Permission denied/);

    await stack.configure({ plain: accessOfTwoGroups });
    await stack.unset('access["others"]');
    await stack.up();
    assert.equal(await bound(), declared + closing);
  });

  it("changes only the objects of a group that is added", async () => {
    await engine.stack.configure({ plain: { 'access["auditors"]["/"]': "PVEAuditor" } });
    const output = await engine.stack.up();
    assert.deepEqual(changes(output).slice(0, 2), ["+ 4 created", "~ 4 updated"], output);
    for (const made of [
      "group-auditors",
      "sso-binding-auditors",
      "sso-proxmox-group-auditors",
      "sso-permission-auditors",
    ]) {
      assert.match(output, new RegExp(`${made}\\S* created`));
    }
    for (const touched of ["sso-groups", "sso-only-bindings", "sso-only-permissions", "sso-proof"])
      assert.match(output, new RegExp(`${touched} updated`));
  });

  it("is removed without leftovers, except the users and the groups with members", async () => {
    const output = await engine.stack.destroy();
    assert.match(output, /alice@authentik, bob@authentik, carol@authentik/);
    const { servers } = engine;
    assert.deepEqual({ ...(await servers.inventory()), users: [] }, empty);
    const groups = (await servers.listInAuthentik("core/groups/")).map(({ name }) => name);
    assert.ok(groups.includes("authentik Admins"));
    assert.ok(!groups.includes("auditors"));
    // The group has members.
    assert.match(output, /The group "pve-admins" stays in authentik.* it has a member \(alice\)/);
    assert.ok(groups.includes("pve-admins"));
    assert.deepEqual(Object.values(await servers.inProxmox("GET", "/access/groups")), []);
    assert.deepEqual(Object.values(await servers.inProxmox("GET", "/access/acl")), []);
  });
});
