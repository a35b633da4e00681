import assert from "node:assert/strict";
import { createServer } from "node:http";
import { suite, test } from "node:test";
import { groupMembersDefinition } from "../../providers/sso/groupMembers";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const isNew = profile === "2026.5";
  let count = 0;

  const makeGroup = async (parent?: unknown) => {
    const parents = isNew ? { parents: [parent] } : { parent };
    const name = `group ${++count}`;
    return (await authentik.call("POST", "core/groups/", { name, ...(parent ? parents : {}) })).pk;
  };
  const makeUser = (name: string, group: unknown, more: Properties = {}) =>
    authentik.call("POST", "core/users/", {
      username: `${name}-${count}`,
      name,
      email: `${name}-${count}@example.com`,
      groups: [group],
      ...more,
    });
  const follow = async (group: unknown, more: Properties = {}) => {
    const life = new Life(await providerOf(groupMembersDefinition));
    const given = { authentik: authentik.connection, groups: [group], ...more };
    await life.create(given);
    return { life, given, members: () => Object(life.state.members)[String(group)] };
  };

  suite(`the members of groups of authentik ${profile}`, () => {
    test("are the active ones, including those of the groups below, each once", async () => {
      const group = await makeGroup();
      const below = await makeGroup(await makeGroup(group));
      await makeUser("direct", group);
      await makeUser("away", group, { is_active: false });
      await makeUser("deep", below);
      const { pk } = await makeUser("both", group);
      await authentik.call("PATCH", `core/users/${pk}/`, { groups: [group, below] });
      const { members } = await follow(group);
      assert.deepEqual(members(), [`both-${count}`, `deep-${count}`, `direct-${count}`]);
    });

    test("have the names from the claim, and a user without such a name is left out", async () => {
      const group = await makeGroup();
      await makeUser("ann", group);
      await makeUser("bare", group, { email: "" });
      const { members } = await follow(group, { usernameClaim: "email" });
      assert.deepEqual(members(), [`ann-${count}@example.com`]);
    });

    test("are requested by an up and by a refresh, and never by a preview", async () => {
      const group = await makeGroup();
      const { life, given, members } = await follow(group);
      await makeUser("ann", group);
      assert.equal(await life.preview(given), "nothing");
      const up = { ...given, duringUp: true };
      assert.equal(await life.preview(up), "update");
      await life.update(up);
      assert.deepEqual(members(), [`ann-${count}`]);
      assert.equal(await life.preview(up), "nothing");
      assert.equal(await life.preview(given), "nothing");
      await makeUser("bea", group);
      await life.refresh();
      assert.deepEqual(members(), [`ann-${count}`, `bea-${count}`]);
    });

    test("are unknown if the group is gone: an up fails, and a refresh keeps the previous ones", async () => {
      const group = await makeGroup();
      await makeUser("ann", group);
      const { life, given, members } = await follow(group);
      await authentik.call("DELETE", `core/groups/${group}/`);
      const message = /authentik shows no group .* Nobody's roles have changed\..*pulumi up --refresh/;
      await assert.rejects(life.preview({ ...given, duringUp: true }), { name: "UserError", message });
      await assert.rejects(life.update(given), { name: "UserError", message });
      await life.refresh();
      assert.deepEqual(members(), [`ann-${count}`]);
    });

    test("are requested again after a change of the groups or of the claim", async () => {
      const [one, other] = [await makeGroup(), await makeGroup()];
      await makeUser("ann", other);
      const { life, given } = await follow(one);
      const changed = { ...given, groups: [other], usernameClaim: "email" };
      assert.equal(await life.preview(changed), "update");
      await life.update(changed);
      assert.deepEqual(life.state.members, { [String(other)]: [`ann-${count}@example.com`] });
    });
  });
}

test("an answer without members is refused, and nobody counts as gone", async () => {
  const pk = "11111111-2222-4333-8444-555555555555";
  const server = createServer(({ url }, response) => {
    const isList = url?.includes("?");
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify(isList ? { results: [], pagination: { next: 0, count: 0 } } : { pk, name: "ops" }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const life = new Life(await providerOf(groupMembersDefinition));
    const authentik = { url: `http://127.0.0.1:${Object(server.address()).port}` };
    await assert.rejects(
      life.create({ authentik, groups: [pk] }),
      /answer about the group .* lacks the members/,
    );
  } finally {
    server.close();
  }
});
