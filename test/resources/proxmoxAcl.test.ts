import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { aclDefinition } from "../../providers/proxmox/acl";
import { aclPath } from "../../providers/proxmox/aclPath";
import { seeded } from "../tools/seeded";
import { Life } from "./life";
import { type Properties, ProxmoxSimulator, providerOf } from "./simulators";
import { testEachInput } from "./table";

for (const release of ["9.2", "7.4"]) {
  const proxmox = new ProxmoxSimulator(release);
  const put = (parameters: Record<string, string>) => () => proxmox.call("PUT", "/access/acl", parameters);
  const equal = { path: "/vms", roles: "PVEVMUser" };
  const base = () => ({
    proxmox: proxmox.connection,
    path: "/vms",
    role: "PVEVMUser",
    groups: ["admins"],
    users: ["alice@authentik"],
  });

  let prepared: Promise<unknown> | undefined;
  const prepare = async () => {
    prepared ??= (async () => {
      for (const groupid of ["admins", "users"]) await proxmox.call("POST", "/access/groups", { groupid });
      for (const userid of ["alice@authentik", "bob@authentik"]) {
        await proxmox.call("POST", "/access/users", { userid });
      }
      for (const token of ["ci", "other"]) {
        await proxmox.call("POST", `/access/users/alice@authentik/token/${token}`);
      }
    })();
    await prepared;
  };

  async function entries(): Promise<string[]> {
    return Object.values(await proxmox.call("GET", "/access/acl"))
      .map(Object)
      .map(
        ({ path, roleid, ugid, propagate }) => `${roleid} on ${path} for ${ugid}${propagate ? "" : " only"}`,
      )
      .sort();
  }

  testEachInput({
    title: `Acl on Proxmox VE ${release}`,
    definition: aclDefinition,
    base: () => ({ ...base(), tokens: ["alice@authentik!ci"] }),
    prepare,
    foundBy: ["path", "role"],
    onServer: async () => ({ entries: await entries() }),
    inputs: {
      proxmox: {
        to: () => ({ ...proxmox.connection, caCertificate: `${proxmox.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      path: { to: "/vms/100", endsProof: true },
      role: { to: "PVEAuditor", endsProof: true },
      users: { to: ["bob@authentik"], drift: put({ ...equal, users: "alice@authentik", delete: "1" }) },
      groups: { to: ["users", "admins"], drift: put({ ...equal, groups: "admins", delete: "1" }) },
      tokens: {
        to: ["alice@authentik!other"],
        drift: put({ ...equal, tokens: "alice@authentik!ci", delete: "1" }),
      },
      propagate: { to: false, drift: put({ ...equal, groups: "admins", propagate: "0" }) },
      subjectsProveOwnership: { to: true, onlyHere: true },
      groupRevisions: { to: ["2020-01-01T00:00:00.000Z"], shows: "nothing" },
      adopt: { to: true, shows: "nothing" },
    },
  });

  suite(`permissions on Proxmox VE ${release}`, () => {
    const living = async (given: Properties) => {
      await prepare();
      const life = new Life(await providerOf(aclDefinition));
      await life.create(given);
      return life;
    };

    test("grants the new role before it revokes the previous one when path and role change", async () => {
      const life = await living(base());
      const before = proxmox.requests.length;
      const changed = { ...base(), path: "/vms/100", role: "PVEVMAdmin", users: [] };
      assert.equal(await life.preview(changed), "update");
      await life.update(changed);
      assert.deepEqual(await entries(), ["PVEVMAdmin on /vms/100 for admins"]);
      const writes = proxmox.bodies.slice(before).filter((body) => body !== "");
      assert.deepEqual(
        writes.map((body) => Object.fromEntries(new URLSearchParams(body))),
        [
          { path: "/vms/100", roles: "PVEVMAdmin", propagate: "1", groups: "admins" },
          { path: "/vms", roles: "PVEVMUser", delete: "1", users: "alice@authentik", groups: "admins" },
        ],
      );
      await life.delete();
      assert.deepEqual(await entries(), []);
    });

    test("keeps the same role of others on the same path", async () => {
      await put({ ...equal, groups: "users" })();
      const life = await living(base());
      await life.refresh();
      assert.equal(await life.preview(base()), "nothing");
      await life.delete();
      assert.deepEqual(await entries(), ["PVEVMUser on /vms for users"]);
      await put({ ...equal, groups: "users", delete: "1" })();
    });

    test("owns an existing permission only if its subjects are ours, or with adopt", async () => {
      await prepare();
      await put({ ...equal, groups: "admins", propagate: "0" })();
      await assert.rejects(living(base()), {
        name: "UserError",
        message: /The permission PVEVMUser on \/vms for admins exists already .*adopt: true/,
      });
      for (const proof of ["adopt", "subjectsProveOwnership"]) {
        const life = await living({ ...base(), [proof]: true });
        assert.deepEqual(await entries(), [
          "PVEVMUser on /vms for admins",
          "PVEVMUser on /vms for alice@authentik",
        ]);
        await life.delete();
        await put({ ...equal, groups: "admins", propagate: "0" })();
      }
      await put({ ...equal, groups: "admins", delete: "1" })();
    });

    test("removes the rest if a subject is gone together with its permission", async () => {
      await prepare();
      await proxmox.call("POST", "/access/groups", { groupid: "passing" });
      const life = await living({ ...base(), groups: ["admins", "passing"] });
      await proxmox.call("DELETE", "/access/groups/passing");
      await life.delete();
      assert.deepEqual(await entries(), []);
    });

    test("refuses an unknown role, and lists the existing ones", async () => {
      await assert.rejects(living({ ...base(), role: "PVEVmUser" }), {
        name: "UserError",
        message: /Proxmox has no role "PVEVmUser"\. It has Administrator, NoAccess, PVEAdmin, .*PVEVMUser/,
      });
    });

    test("names an unknown group, user or token", async () => {
      for (const [list, ugid] of Object.entries({
        groups: "nosuch",
        users: "nosuch@authentik",
        tokens: "alice@authentik!nosuch",
      })) {
        await assert.rejects(living({ ...base(), [list]: [ugid] }), {
          name: "UserError",
          message: /nosuch.*Make it first/,
        });
      }
      assert.deepEqual(await entries(), []);
    });

    test("does not treat a permission as gone if the token cannot read permissions", async () => {
      const life = await living(base());
      await proxmox.call("POST", "/access/users", { userid: "blind@pve" });
      const proxmoxToken = await proxmox.tokenOf("blind@pve");
      const blind = life.by(await providerOf(aclDefinition, { proxmoxToken }));
      await assert.rejects(blind.refresh(), {
        name: "UserError",
        message:
          /the API token may not see the permissions on \/vms, .*Missing: Sys\.Audit on \/access, or Permissions\.Modify on \/vms\./,
      });
      await proxmox.call("PUT", "/access/acl", { path: "/access", roles: "PVEAuditor", users: "blind@pve" });
      await blind.refresh();
      await put({ ...equal, users: "alice@authentik", groups: "admins", delete: "1" })();
      await assert.rejects(blind.refresh(), /the object is gone/);
      await proxmox.call("DELETE", "/access/users/blind@pve");
      await life.delete();
    });
  });
}

suite("a path in a permission", () => {
  const proxmox = new ProxmoxSimulator("9.2");

  test("is accepted at preview if, and only if, Proxmox accepts it", async () => {
    const parts = ["zones", "controllers", "dns", "fabrics", "ipams", "prefix-lists", "route-maps"];
    const roots = ["", "vms", "pool", "mapping", "access/groups", "nodes", "storage", "nosuch"];
    const names = fc.array(fc.constantFrom("a1", "a-b", "a_b", "a.b", "7", "100", "dns"), { maxLength: 4 });
    const root = fc.constantFrom(...roots, ...parts.map((part) => `sdn/${part}`));
    const paths = fc.tuple(root, names).map(([first, rest]) => `/${[first, ...rest].join("/")}`);
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const parameters = { path, roles: "PVEAuditor", users: "root@pam" };
        const { status } = await proxmox.answer("PUT", "/access/acl", parameters);
        assert.equal(aclPath.safeParse(path).success, status === 200, path);
      }),
      seeded(300),
    );
  });
});

suite("permissions at preview", () => {
  const check = async (given: Properties) => {
    const provider = await providerOf(aclDefinition);
    const proxmox = { url: "https://pve.example.com:8006" };
    return provider.check({}, { proxmox, path: "/", role: "PVEAuditor", groups: ["admins"], ...given });
  };
  const reason = async (given: Properties) =>
    (await check(given)).failures?.map((failure) => failure.reason).join();

  test("normalizes a path as Proxmox does", async () => {
    for (const [path, stored] of Object.entries({
      "vms//100": "/vms/100",
      "//": "/",
      "/storage/local/": "/storage/local",
      "/sdn/zones/dmz/vnet/12": "/sdn/zones/dmz/vnet/12",
      "/sdn/controllers/evpn-1": "/sdn/controllers/evpn-1",
      "/sdn/dns/powerdns": "/sdn/dns/powerdns",
      "/sdn/prefix-lists/internal": "/sdn/prefix-lists/internal",
      "/sdn/route-maps": "/sdn/route-maps",
    })) {
      assert.equal((await check({ path })).inputs?.path, stored);
    }
  });

  test("refuses an invalid path, and lists the valid forms", async () => {
    const malformed = ["/vm", "/vms/99", "/access/users", "/Pool/x", "/ ", "/nodes/a/b", "/sdn/nosuch"];
    for (const path of [...malformed, "/sdn/dns/my-dns", "/sdn/fabrics/a.b", "/sdn/ipams/my_ipam"]) {
      const told = await reason({ path });
      assert.match(
        told ?? "",
        /is not a path that Proxmox accepts in a permission\. It accepts \/, .*\/vms\/\{vmid\}/,
        path,
      );
    }
  });

  test("refuses an empty list, and names that Proxmox would split", async () => {
    assert.match((await reason({ groups: [] })) ?? "", /at least one of `groups`, `users` and `tokens`/);
    assert.match((await reason({ users: ["a,b@authentik"] })) ?? "", /no comma or semicolon/);
    assert.match((await reason({ users: ["alice"] })) ?? "", /must be name@realm/);
    assert.match((await reason({ tokens: ["alice@authentik"] })) ?? "", /must be name@realm!token/);
    assert.match((await reason({ groups: ["authentik Admins"] })) ?? "", /"authentik-Admins" would do/);
  });

  test("ignores order and repetition", async () => {
    const groups = ["users", "admins", "users"];
    assert.deepEqual((await check({ groups })).inputs?.groups, ["admins", "users"]);
  });
});
