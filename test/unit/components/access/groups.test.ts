import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { groupsExpression } from "../../../../components/access/claim";
import { groupsIn } from "../../../../components/access/groups";

function groupsOf(access: unknown, realm = "authentik") {
  return groupsIn(access, realm).groups;
}

suite("the groups of a declaration", () => {
  test("have the names that Proxmox derives from claim and realm", () => {
    const [plain, mapped] = groupsOf(
      { users: { "/": "PVEAuditor" }, "authentik Admins": { as: "admins" } },
      "sso",
    );
    assert.equal(plain?.proxmoxGroup, "users-sso");
    assert.equal(mapped?.proxmoxGroup, "admins-sso");
  });

  test("have a grant for each role and path", () => {
    const [group] = groupsOf({
      users: {
        "/vms": ["PVEVMUser", "PVEAuditor", "PVEVMUser"],
        "/pool/a": { role: "PVEPoolUser", propagate: false },
        "/storage": [{ role: ["PVEAuditor", "PVEDatastoreUser"], propagate: false }, "PVEDatastoreUser"],
      },
    });
    assert.deepEqual(group?.grants, [
      { path: "/vms", role: "PVEVMUser", propagate: true },
      { path: "/vms", role: "PVEAuditor", propagate: true },
      { path: "/pool/a", role: "PVEPoolUser", propagate: false },
      { path: "/storage", role: "PVEAuditor", propagate: false },
      { path: "/storage", role: "PVEDatastoreUser", propagate: true },
    ]);
  });
});

suite("the claim's expression", () => {
  test("contains only groups with permissions, by their names on Proxmox, and the mark", () => {
    const groups = groupsOf({ 'a "b"': { as: "ab", "/": "PVEAuditor" }, guests: {} });
    assert.equal(
      groupsExpression(groups, "4f"),
      "# proxmox-authentik-sso 4f\n" +
        'groups = {"a \\"b\\"": "ab"}\n' +
        'held = request.user.all_groups() if hasattr(request.user, "all_groups") else request.user.ak_groups.all()\n' +
        'return {"proxmox_groups": sorted({groups[group.name] for group in held if group.name in groups})}',
    );
  });
});
