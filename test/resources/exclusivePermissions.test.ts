import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { exclusivePermissionsDefinition } from "../../providers/proxmox/exclusivePermissions";
import { Life } from "./life";
import { type Properties, ProxmoxSimulator, providerOf } from "./simulators";
import { testEachInput } from "./table";

const ours = ["PVEAuditor on / for admins", "PVEVMUser on /vms for users"];

for (const release of ["9.2", "7.4"]) {
  const proxmox = new ProxmoxSimulator(release);
  const put = (parameters: Record<string, string>) => proxmox.call("PUT", "/access/acl", parameters);
  const byHand = { path: "/storage/local", roles: "PVEDatastoreUser", groups: "admins" };
  const base = () => ({
    proxmox: proxmox.connection,
    permissions: [
      { group: "users", role: "PVEVMUser", path: "/vms" },
      { group: "admins", role: "PVEAuditor", path: "/" },
    ],
  });

  let prepared: Promise<unknown> | undefined;
  const prepare = async () => {
    prepared ??= (async () => {
      for (const groupid of ["admins", "users", "others"])
        await proxmox.call("POST", "/access/groups", { groupid });
      await put({ path: "/", roles: "PVEAuditor", groups: "admins" });
      await put({ path: "/vms", roles: "PVEVMUser", groups: "users" });
    })();
    await prepared;
  };

  async function entries(): Promise<string[]> {
    return Object.values(await proxmox.call("GET", "/access/acl"))
      .map(Object)
      .map(({ path, roleid, ugid }) => `${roleid} on ${path} for ${ugid}`)
      .sort();
  }

  testEachInput({
    title: `ExclusivePermissions on Proxmox VE ${release}`,
    definition: exclusivePermissionsDefinition,
    base,
    prepare,
    onServer: async () => ({ entries: await entries() }),
    inputs: {
      proxmox: {
        to: () => ({ ...proxmox.connection, caCertificate: `${proxmox.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      permissions: {
        to: () => [...base().permissions, { group: "users", role: "PVEAuditor", path: "/vms//100/" }],
        onlyHere: true,
        drift: () => put(byHand),
      },
    },
  });

  suite(`exclusive permissions on Proxmox VE ${release}`, () => {
    const living = async (given: Properties = base(), token: Record<string, string> = {}) => {
      await prepare();
      const life = new Life(await providerOf(exclusivePermissionsDefinition, token));
      await life.create(given);
      return life;
    };

    test("show what the groups got by hand in a refresh, and remove it in an update", async () => {
      const life = await living();
      await put(byHand);
      await put({ path: "/vms", roles: "PVEVMUser", groups: "admins,others" });
      const { permissions } = await life.refresh();
      assert.deepEqual(permissions, [
        { group: "admins", role: "PVEAuditor", path: "/" },
        { group: "admins", role: "PVEDatastoreUser", path: "/storage/local" },
        { group: "admins", role: "PVEVMUser", path: "/vms" },
        { group: "users", role: "PVEVMUser", path: "/vms" },
      ]);
      assert.equal(await life.preview(base()), "update");
      await life.update(base());
      assert.deepEqual(await entries(), [...ours, "PVEVMUser on /vms for others"].sort());
      await put({ path: "/vms", roles: "PVEVMUser", groups: "others", delete: "1" });
    });

    test("also remove what was granted before, or after the last refresh", async () => {
      await prepare();
      await put(byHand);
      const life = await living();
      assert.deepEqual(await entries(), ours);
      await put(byHand);
      await life.update(base());
      assert.deepEqual(await entries(), ours);
    });

    test("are deleted without a change of any permission", async () => {
      const life = await living();
      await put(byHand);
      await life.delete();
      assert.equal((await entries()).length, 3);
      await put({ ...byHand, delete: "1" });
    });

    test("refuse a token that cannot read all permissions", async () => {
      await proxmox.call("POST", "/access/users", { userid: "blind@pve" });
      const proxmoxToken = await proxmox.tokenOf("blind@pve");
      await assert.rejects(living(base(), { proxmoxToken }), {
        name: "UserError",
        message: /may not see all permissions of its groups\. Missing: Sys\.Audit on \/access\./,
      });
      await proxmox.call("DELETE", "/access/users/blind@pve");
    });
  });
}
