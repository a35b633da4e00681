import assert from "node:assert/strict";
import { test } from "node:test";
import { roleDefinition } from "../../providers/proxmox/role";
import { Life } from "./life";
import { type Properties, ProxmoxSimulator, providerOf } from "./simulators";
import { testEachInput } from "./table";

const mark = "0123456789abcdef";

for (const release of ["9.2", "7.4"]) {
  const proxmox = new ProxmoxSimulator(release);
  const base = () => ({
    proxmox: proxmox.connection,
    role: "Operator",
    privileges: ["VM.PowerMgmt", "VM.Audit", "VM.Audit"],
  });

  testEachInput({
    title: `Role on Proxmox VE ${release}`,
    definition: roleDefinition,
    base,
    foundBy: ["role"],
    onServer: ({ role }) => proxmox.call("GET", `/access/roles/${role}`),
    inputs: {
      proxmox: {
        to: () => ({ ...proxmox.connection, caCertificate: `${proxmox.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      role: { to: "Operator2", shows: "replace" },
      privileges: {
        to: [],
        drift: () => proxmox.call("PUT", "/access/roles/Operator", { privs: "VM.Console", append: "1" }),
      },
      // test/ownership/moves.test.ts renames its cluster.
      madeByStack: { to: true, shows: "nothing" },
      // It is compared if the state has it.
      ownershipMark: { to: mark, shows: "nothing" },
      adopt: { to: true, shows: "nothing" },
    },
  });

  test(`an existing role of Proxmox VE ${release} is taken over only with adopt`, async () => {
    await proxmox.call("POST", "/access/roles", { roleid: "Operator", privs: "VM.Console" });
    const life = new Life(await providerOf(roleDefinition));
    await assert.rejects(life.create(base()), {
      name: "UserError",
      message: /A role "Operator" exists already .*adopt: true/,
    });
    await life.create({ ...base(), adopt: true });
    assert.deepEqual(Object.keys(await proxmox.call("GET", "/access/roles/Operator")).sort(), [
      "VM.Audit",
      "VM.PowerMgmt",
    ]);
    await life.delete();
  });

  test(`a privilege that Proxmox VE ${release} lacks is refused, with a list of the existing ones`, async () => {
    const life = new Life(await providerOf(roleDefinition));
    await assert.rejects(life.create({ ...base(), privileges: ["VM.Fly"] }), {
      name: "UserError",
      message: /invalid privilege 'VM\.Fly'.* This Proxmox has Datastore\.Allocate, .*VM\.Snapshot/,
    });
  });

  test(`Proxmox VE ${release}: a role that others use stays, and one that only this stack uses does not`, async (context) => {
    const log = context.mock.method(console, "log", () => {});
    const life = new Life(await providerOf(roleDefinition));
    const given = { ...base(), ownershipMark: mark };
    const comment = `[proxmox-authentik-sso ${mark}]`;
    await proxmox.call("POST", "/access/groups", { groupid: "ours", comment });
    await proxmox.call("POST", "/access/groups", { groupid: "theirs" });
    await life.create(given);
    await proxmox.call("PUT", "/access/acl", { path: "/vms", roles: "Operator", groups: "ours,theirs" });
    await life.delete();
    assert.match(
      String(log.mock.calls[0]?.arguments[0]),
      /^The role Operator stays, because others use it: Operator on \/vms for theirs\. To remove it: pveum/,
    );
    await proxmox.call("DELETE", "/access/groups/theirs");
    await life.createAgain({ ...given, madeByStack: true });
    await life.delete();
    const acl = Object.values(await proxmox.call("GET", "/access/acl")).map(Object);
    assert.deepEqual(
      acl.filter(({ roleid }) => roleid === "Operator"),
      [],
    );
    await proxmox.call("DELETE", "/access/groups/ours");
  });

  test(`Proxmox VE ${release}: another role of its name stays unchanged, and a change by hand is corrected`, async (context) => {
    context.mock.method(console, "log", () => {});
    const life = new Life(await providerOf(roleDefinition));
    const given = { ...base(), ownershipMark: mark };
    await life.create(given);
    // As after the server was set up again, and somebody else has chosen the same name.
    await proxmox.call("PUT", "/access/roles/Operator", { privs: "VM.Console" });
    await life.delete();
    assert.deepEqual(Object.keys(await proxmox.call("GET", "/access/roles/Operator")), ["VM.Console"]);
    await assert.rejects(life.refresh(), /the object is gone/);
    await assert.rejects(life.createAgain(given), /A role "Operator" exists already/);
    await proxmox.call("DELETE", "/access/roles/Operator");

    await life.createAgain(given);
    await proxmox.call("PUT", "/access/roles/Operator", { privs: "VM.Audit" });
    await life.refresh();
    assert.equal(await life.preview(given), "update", "some privileges agree");
    await life.delete();

    await life.createAgain(given);
    const comment = `[proxmox-authentik-sso ${mark}]`;
    await proxmox.call("POST", "/access/groups", { groupid: "ours", comment });
    await proxmox.call("PUT", "/access/acl", { path: "/vms", roles: "Operator", groups: "ours" });
    await proxmox.call("PUT", "/access/roles/Operator", { privs: "VM.Console" });
    await life.refresh();
    assert.equal(await life.preview(given), "update");
    await life.delete();
    await proxmox.call("DELETE", "/access/groups/ours");
  });

  test(`Proxmox VE ${release}: a removed role names the permissions that are deleted with it`, async (context) => {
    const log = context.mock.method(console, "log", () => {});
    const life = new Life(await providerOf(roleDefinition));
    await life.create(base());
    await proxmox.call("POST", "/access/groups", { groupid: "ops" });
    await proxmox.call("PUT", "/access/acl", { path: "/vms", roles: "Operator", groups: "ops" });
    await life.delete();
    assert.deepEqual(
      log.mock.calls.map(({ arguments: [line] }) => line),
      ["Role Operator is deleted with its permissions: Operator on /vms for ops."],
    );
    await proxmox.call("DELETE", "/access/groups/ops");
  });
}

test("names and privileges that Proxmox refuses are refused at preview", async () => {
  const provider = await providerOf(roleDefinition);
  const proxmox = { url: "https://pve.example.com:8006" };
  const reason = async (given: Properties) =>
    (await provider.check({}, { proxmox, role: "Operator", privileges: [], ...given })).failures
      ?.map((failure) => failure.reason)
      .join();
  assert.match((await reason({ role: "pveOperator" })) ?? "", /must not begin with PVE/);
  assert.match((await reason({ role: "Administrator" })) ?? "", /one of Proxmox's own roles/);
  assert.match((await reason({ role: "VM operator" })) ?? "", /"VM-operator" would do/);
  assert.match((await reason({ privileges: ["vm.audit"] })) ?? "", /must be a privilege, e\.g\. VM\.Audit/);
});
