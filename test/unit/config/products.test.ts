import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { permissionsOf } from "../../../components/access/grantUsers";
import { groupsIn } from "../../../components/access/groups";
import { readAccess } from "../../../components/access/mistakes";
import { clustersOf } from "../../../config/clusters";
import { configSchema } from "../../../config/schema";

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

  test("uses nothing of the keys at the top that is about Proxmox VE, and is named after its product", () => {
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

suite("access on another product", () => {
  for (const [what, product, access, mistake] of [
    [
      "needs members",
      "backup",
      { admins: { "/": "Admin" } },
      /"admins" needs `members`: Backup Server has no groups claim/,
    ],
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

  test("gives a person who is in two groups one entry for a role on a path, the wider one", () => {
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
