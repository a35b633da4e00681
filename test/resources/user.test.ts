import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { userDefinition } from "../../providers/authentik/user";
import { serve } from "../unit/providers/http/server";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";
import { type InputCase, testEachInput } from "./table";

const mark = "0123456789abcdef";

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const isNew = profile === "2026.5";
  const made: Record<string, unknown> = {};
  const current = () => authentik.find("core/users/?username=ours");
  const patch = (fields: () => Properties) => async () => {
    await authentik.call("PATCH", `core/users/${(await current()).pk}/`, fields());
  };
  const base = () => ({
    authentik: authentik.connection,
    username: "ours",
    attributes: { team: "infrastructure" },
    groups: [],
    ownershipMark: mark,
  });
  const roles: InputCase = {
    to: () => [made["second role"], made["first role"]],
    drift: patch(() => ({ roles: [made["second role"]] })),
  };

  testEachInput({
    title: `User on authentik ${profile}`,
    definition: userDefinition,
    base: () => ({ ...base(), ...(isNew && { roles: [] }) }),
    async prepare() {
      for (const name of ["first", "second"]) {
        made[name] = (await authentik.call("POST", "core/groups/", { name })).pk;
        made[`${name} role`] = (await authentik.call("POST", "rbac/roles/", { name })).pk;
      }
    },
    foundBy: ["username"],
    onServer: ({ pk }) => authentik.call("GET", `core/users/${pk}/`),
    volatile: ["last_updated", "password_change_date", "avatar"],
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      username: { to: "ours-2", drift: patch(() => ({ username: "x" })) },
      name: { to: "Our user", drift: patch(() => ({ name: "x" })) },
      email: { to: "ours@example.com", drift: patch(() => ({ email: "x@example.com" })) },
      isActive: { to: false, drift: patch(() => ({ is_active: false })) },
      type: { to: "service_account", drift: patch(() => ({ type: "external" })) },
      path: { to: "users/admins", drift: patch(() => ({ path: "x" })) },
      attributes: {
        to: { site: "north", list: [1, { a: null }] },
        drift: patch(() => ({ attributes: { team: "x", proxmoxAuthentikSso: mark } })),
      },
      groups: {
        to: () => [made.second, made.first],
        drift: patch(() => ({ groups: [made.second] })),
      },
      initialPassword: { to: "the first p4ssword" },
      ownershipMark: {
        to: "fedcba9876543210",
        drift: patch(() => ({ attributes: { team: "infrastructure" } })),
      },
      adopt: { to: true, shows: "nothing" },
      ...(isNew && { roles }),
    },
    lacking: isNew ? {} : { roles: { to: ["11111111-1111-4111-8111-111111111111"], version: "2025.12" } },
  });

  suite(`User on authentik ${profile}: more cases`, () => {
    const life = async () => new Life(await providerOf(userDefinition));
    const passwordDate = async () => (await current()).password_change_date;

    test("sets the password only when the user is created and when the input changes", async () => {
      const given = { ...base(), initialPassword: "the first p4ssword" };
      const user = await life();
      await user.create(given);
      const set = await passwordDate();
      assert.notEqual(set, (await current()).date_joined);
      await user.update({ ...given, name: "Our user" });
      assert.equal(await passwordDate(), set);
      await user.update({ ...given, initialPassword: "another p4ssword" });
      assert.notEqual(await passwordDate(), set);
      await user.refresh();
      assert.equal(await user.preview({ ...given, initialPassword: "another p4ssword" }), "nothing");
      await user.delete();
    });

    test("ignores groups and other attributes that are not given", async () => {
      const { groups: _groups, ...given } = base();
      const user = await life();
      await user.create(given);
      const { pk: group } = await authentik.call("POST", "core/groups/", { name: "by hand" });
      const settings = { locale: "de" };
      const attributes = { team: "infrastructure", proxmoxAuthentikSso: mark, settings };
      await patch(() => ({ groups: [group], attributes }))();
      await user.refresh();
      assert.equal(await user.preview(given), "nothing");
      await user.update({ ...given, name: "Our user", attributes: {} });
      const stored = await current();
      assert.deepEqual(stored.groups, [group]);
      assert.deepEqual(stored.attributes, { proxmoxAuthentikSso: mark, settings });
      await user.delete();
      await authentik.call("DELETE", `core/groups/${group}/`);
    });

    test("refuses an existing user", async () => {
      const existing = await authentik.call("POST", "core/users/", { username: "ours", name: "theirs" });
      const message = /A user "ours" exists already and was not made by this stack/;
      await assert.rejects((await life()).create(base()), { name: "UserError", message });
      assert.deepEqual(await current(), existing);
      await authentik.call("DELETE", `core/users/${existing.pk}/`);
    });

    for (const [how, attributes, given, setsPassword] of [
      ["goes on with what an interrupted run of ours has made", { proxmoxAuthentikSso: mark }, {}, true],
      ["adopts one with the password", { site: "north" }, { adopt: true }, false],
    ] as const) {
      test(how, async () => {
        const fields = { username: "ours", name: "theirs", attributes };
        const { pk, password_change_date: before } = await authentik.call("POST", "core/users/", fields);
        const user = await life();
        await user.create({ ...base(), ...given, initialPassword: "the first p4ssword" });
        assert.equal(user.state.pk, pk);
        const stored = await current();
        assert.equal(stored.name, "");
        assert.deepEqual(stored.attributes, {
          ...attributes,
          team: "infrastructure",
          proxmoxAuthentikSso: mark,
        });
        assert.equal(stored.password_change_date !== before, setsPassword);
        await user.delete();
      });
    }
  });
}

test("an invalid e-mail address is named at preview", async () => {
  const provider = await providerOf(userDefinition);
  const given = { authentik: { url: "https://auth.example.com" }, username: "alice", email: "alice" };
  const { failures } = await provider.check({}, given);
  assert.deepEqual(failures, [{ property: "email", reason: "must be an e-mail address" }]);
});

test("a new user whose password is refused is deleted", async (context) => {
  const { url, requests } = await serve(context, ({ method, url: path = "" }, response) => {
    const isRefused = path.endsWith("set_password/");
    const status = method === "DELETE" ? 204 : isRefused ? 400 : 201;
    const answer = isRefused ? { password: ["too weak"] } : { pk: 7, results: [], pagination: { next: 0 } };
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(status === 204 ? undefined : JSON.stringify(answer));
  });
  const life = new Life(await providerOf(userDefinition));
  const given = { authentik: { url }, username: "alice", initialPassword: "weak" };
  await assert.rejects(life.create(given), /authentik refuses it: password: too weak/);
  assert.deepEqual(requests, [
    "POST /api/v3/core/users/",
    "POST /api/v3/core/users/7/set_password/",
    "DELETE /api/v3/core/users/7/",
    "GET /api/v3/core/users/?username=alice&include_groups=false",
  ]);
});
