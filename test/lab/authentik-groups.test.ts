import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { groupsExpression } from "../../components/access/claim";
import { checkScopeExpression, evaluateExpression } from "../../lab/authentik/oidc/expression";
import { AuthentikSimulator } from "../resources/simulators";

const user = {
  attributes: { username: "alice" },
  groups: ["night shift"],
  allGroups: ["night shift", "authentik Admins", "staff"],
  groupsBehind: ["ak_groups" as const],
};

const accessGroup = (name: string, claimName: string) => ({
  name,
  claimName,
  proxmoxGroup: `${claimName}-authentik`,
  grants: [{ path: "/", role: "PVEAuditor", propagate: true }],
  members: undefined,
});

suite("the simulated authentik evaluates expressions that map groups", () => {
  const mapped = groupsExpression(
    [
      accessGroup("authentik Admins", "admins"),
      accessGroup("night shift", "admins"),
      accessGroup("users", "users"),
      accessGroup("staff", "all"),
    ],
    "a-mark",
  );

  test("by a dictionary, with the groups above the user's own, each name once and in order", () => {
    assert.equal(checkScopeExpression(mapped), undefined);
    assert.deepEqual(evaluateExpression(mapped, user), { proxmox_groups: ["admins", "all"] });
  });

  test("by the user's own groups only, if users have no `all_groups`", () => {
    const { allGroups: _, ...own } = user;
    assert.deepEqual(evaluateExpression(mapped, own), { proxmox_groups: ["admins"] });
    assert.deepEqual(evaluateExpression(mapped, { ...own, groups: [] }), { proxmox_groups: [] });
  });

  test("as a list, in the groups' order", () => {
    const listed = 'return {"a": [group.name for group in user.all_groups() if group.name in ["staff"]]}';
    assert.deepEqual(evaluateExpression(listed, user), { a: ["staff"] });
  });

  test("and treats a `#` after an escaped quote as part of its text", () => {
    const text = '"#([{';
    const quoted = `return {"claim": ${JSON.stringify(text)}}`;
    assert.equal(checkScopeExpression(quoted), undefined);
    assert.deepEqual(evaluateExpression(quoted, user), { claim: text });
  });

  for (const wrong of ["groups = {}", "import os\nreturn {}", 'return {user: "a"}', "return {}\nreturn {}"]) {
    test(`and refuses ${JSON.stringify(wrong)}`, () => {
      assert.match(checkScopeExpression(wrong) ?? "", /cannot evaluate this expression/);
    });
  }
});

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);

  test(`a binding of a group admits the members of the groups below it, on authentik ${profile}`, async () => {
    const group = (name: string, fields = {}) => authentik.call("POST", "core/groups/", { name, ...fields });
    const staff = await group("staff");
    const team = await group("team", { parents: [staff.pk], parent: staff.pk });
    const member = async (username: string, groups: unknown[]) =>
      (await authentik.call("POST", "core/users/", { username, name: "", groups })).pk;
    const [inside, outside] = [await member("inside", [team.pk]), await member("outside", [])];
    const { pk: target } = await authentik.call("POST", "core/applications/", { name: "a", slug: "a" });
    await authentik.call("POST", "policies/bindings/", { target, group: staff.pk, order: 0 });
    for (const [pk, passing] of [
      [inside, true],
      [outside, false],
    ]) {
      const access = await authentik.call("GET", `core/applications/a/check_access/?for_user=${pk}`);
      assert.equal(access.passing, passing);
    }
  });
}
