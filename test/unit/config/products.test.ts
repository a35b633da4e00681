import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { holdersOf } from "../../../components/access/followGroups";
import { permissionsOf } from "../../../components/access/grantUsers";
import { groupsIn } from "../../../components/access/groups";
import { readAccess } from "../../../components/access/mistakes";
import { clustersOf } from "../../../config/clusters";
import { configSchema } from "../../../config/schema";
import { existing, mistakesOf } from "./right";

const context = { realm: "authentik", allowEveryone: false, ownRoles: [] };
const config = (clusters: object) =>
  configSchema.parse({
    access: JSON.stringify({ admins: { "/": "Administrator" } }),
    proxmoxVersion: "9.2",
    roles: JSON.stringify({ Operator: ["VM.Audit"] }),
    clusters: JSON.stringify(clusters),
  });

suite("an entry of clusters for another product", () => {
  const entry = { addresses: ["https://pbs.example.com:8007"] };

  test("uses no top-level key about Proxmox VE, and is named after its product", () => {
    const [ve, backup] = clustersOf(config({ ve: entry, backup: { ...entry, product: "backup" } }));
    const options = [ve, backup].map((cluster) => Object(cluster?.options));
    assert.deepEqual(
      options.map(({ access, roles, proxmox }) => [
        Object.keys(access ?? {}),
        Object.keys(roles ?? {}),
        proxmox.version,
      ]),
      [
        [["admins"], ["Operator"], "9.2"],
        [[], [], undefined],
      ],
    );
    assert.deepEqual(
      options.map(({ application }) => application.name),
      ["Proxmox VE (ve)", "Proxmox Backup Server (backup)"],
    );
    assert.equal(backup?.key("access"), "clusters.backup.access");
    assert.equal(backup?.key("proxmox.product"), "clusters.backup.product");
  });
});

suite("an entry of clusters for another product, with an access at the top that names it,", () => {
  test("uses the groups that name it, and its messages name the top-level key", () => {
    const access = { admins: { "/": "Administrator", backup: { "/": "Admin" } } };
    const entry = { addresses: ["https://pbs.example.com:8007"], product: "backup" };
    const shared = configSchema.parse({
      access: JSON.stringify(access),
      clusters: JSON.stringify({
        one: entry,
        own: { ...entry, access: { staff: { "/": "Audit" } } },
        manager: { ...entry, product: "datacenter-manager" },
      }),
    });
    const clusters = clustersOf(shared);
    assert.deepEqual(
      clusters.map((cluster) => [Object(cluster.options).access, cluster.key("access")]),
      [
        [access, "access"],
        [{ staff: { "/": "Audit" } }, "clusters.own.access"],
        [undefined, "clusters.manager.access"],
      ],
    );
  });
});

suite("access on another product", () => {
  for (const [what, product, access, mistake] of [
    [
      "needs members for all groups or for none",
      "backup",
      { admins: { "/": "Admin" }, staff: { "/": "Audit", members: ["a"] } },
      /"admins" has no `members`, but other groups have/,
    ],
    [
      "refuses a role in a declaration that products share",
      "datacenter-manager",
      { admins: { "/": "Administrator", "datacenter-manager": { "/": "Admin" } } },
      /"admins" has a wrong role on "\/": Datacenter Manager has no role "Admin"/,
    ],
    [
      "is empty if no group has permissions there",
      "backup",
      { admins: { "/": "Administrator", "datacenter-manager": { "/": "Auditor" } } },
      /^is empty\. .* \{ "pve-admins": \{ "backup": \{ "\/": "Admin" \} \} \}/,
    ],
    ["is right without members", "backup", { admins: { "/": "Admin" } }, undefined],
    [
      "refuses a path",
      "backup",
      { admins: { "/vms": "Admin", members: ["a"] } },
      /"\/vms" is not a path that Backup Server accepts/,
    ],
    [
      "refuses a role",
      "datacenter-manager",
      { admins: { "/": "Admin", members: ["a"] } },
      /Datacenter Manager has no role "Admin".*It has Administrator, Auditor/,
    ],
    [
      "refuses a name",
      "backup",
      { admins: { "/": "Admin", members: ["a b"] } },
      /has the member "a b", who cannot log in/,
    ],
    [
      "is right",
      "backup",
      { "authentik Admins": { "/datastore/a/b": "DatastoreReader", members: ["a"] } },
      undefined,
    ],
  ] as const) {
    test(what, () => {
      const { mistakes } = readAccess(access, { ...context, product });
      if (mistake === undefined) assert.deepEqual(mistakes, []);
      else assert.match(mistakes.join("\n"), mistake);
    });
  }

  test("requires `members` if the claim of the user name differs from authentik's default", () => {
    const { mistakes } = readAccess(
      { admins: { "/": "Admin" } },
      { ...context, product: "backup", usernameClaim: "employee" },
    );
    assert.match(mistakes.join("\n"), /"admins" needs `members`: .*the claim "employee".*to username, /);
  });

  test("that products share has a part for each of them, and a group without a part gets no login there", () => {
    const access = {
      admins: { "/": "Administrator", backup: { "/": "Admin" } },
      operators: { "/vms": "PVEVMUser" },
      savers: { backup: { "/datastore": "DatastoreBackup" }, "datacenter-manager": { "/": "Auditor" } },
    };
    const partOf = (product?: "backup" | "datacenter-manager") => {
      const { groups, mistakes } = groupsIn(access, "authentik", product);
      assert.deepEqual(mistakes, []);
      return groups.map(({ name, grants }) => [name, grants.map(({ role, path }) => `${role} on ${path}`)]);
    };
    assert.deepEqual(partOf(), [
      ["admins", ["Administrator on /"]],
      ["operators", ["PVEVMUser on /vms"]],
    ]);
    assert.deepEqual(partOf("backup"), [
      ["admins", ["Admin on /"]],
      ["savers", ["DatastoreBackup on /datastore"]],
    ]);
    assert.deepEqual(partOf("datacenter-manager"), [["savers", ["Auditor on /"]]]);
  });

  test("with followed groups gives a person in two of them one entry, the wider one", () => {
    const { groups } = groupsIn(
      { one: { "/": { role: "Audit", propagate: false } }, two: { "/": "Audit" } },
      "authentik",
      "backup",
    );
    const members = { one: ["ada", "eve"], two: ["ada"] };
    const holders = (propagate: boolean) =>
      holdersOf({ path: "/", role: "Audit", propagate }, groups, members);
    assert.deepEqual([holders(true), holders(false)], [["ada"], ["eve"]]);
  });

  test("gives a person in two groups one entry for a role on a path, the wider one", () => {
    const { groups } = groupsIn(
      {
        one: { "/": { role: "Audit", propagate: false }, members: ["ada", "eve"] },
        two: { "/": "Audit", members: ["ada"] },
      },
      "authentik",
    );
    const told = permissionsOf(groups).map(({ propagate, members }) => [propagate, members]);
    assert.deepEqual(told.sort(), [
      [false, ["eve"]],
      [true, ["ada"]],
    ]);
  });
});

test("a token of Proxmox VE in an entry of another product is refused with the option to check", () => {
  const entry = { addresses: ["https://pbs.example.com:8007"], access: { admins: { "/": "Admin" } } };
  for (const product of [{ product: "backup" }, { proxmox: { product: "backup" } }]) {
    const clusters = JSON.stringify({ backup: { ...entry, ...product } });
    assert.deepEqual(mistakesOf({ ...existing, clusters }, { credentials: ["proxmoxToken-backup"] }), [
      'pulumi-nodejs:proxmoxToken-backup must have the form "user@realm!name:secret". It has the form of Proxmox VE: check `clusters.backup.product`',
    ]);
  }
});
