import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { groupDefinition } from "../../providers/authentik/group";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";
import { testEachInput } from "./table";

const mark = "0123456789abcdef";

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const isNew = profile === "2026.5";
  const made: Record<string, unknown> = {};
  const current = () => authentik.find("core/groups/?name=ours");
  const patch = (fields: () => Properties) => async () => {
    const { pk } = await current();
    await authentik.call("PATCH", `core/groups/${pk}/`, fields());
  };
  const base = () => ({
    authentik: authentik.connection,
    name: "ours",
    attributes: { team: "infrastructure" },
    ownershipMark: mark,
  });

  testEachInput({
    title: `Group on authentik ${profile}`,
    definition: groupDefinition,
    base,
    async prepare() {
      for (const name of ["first", "second"]) {
        made[name] = (await authentik.call("POST", "core/groups/", { name })).pk;
        made[`${name} role`] = (await authentik.call("POST", "rbac/roles/", { name })).pk;
      }
    },
    foundBy: ["name"],
    onServer: ({ pk }) => authentik.call("GET", `core/groups/${pk}/`),
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      name: { to: "ours, renamed", drift: patch(() => ({ name: "x" })) },
      parents: {
        to: () => (isNew ? [made.second, made.first] : [made.first]),
        drift: patch(() => (isNew ? { parents: [made.second] } : { parent: made.second })),
      },
      isSuperuser: { to: true, drift: patch(() => ({ is_superuser: true })) },
      attributes: {
        to: { site: "north", list: [1, { a: null }] },
        drift: patch(() => ({ attributes: { team: "x", proxmoxAuthentikSso: mark } })),
      },
      roles: {
        to: () => [made["second role"], made["first role"]],
        drift: patch(() => ({ roles: [made["second role"]] })),
      },
      ownershipMark: {
        to: "fedcba9876543210",
        drift: patch(() => ({ attributes: { team: "infrastructure" } })),
      },
      reuse: { to: true, onlyHere: true },
      adopt: { to: true, shows: "nothing" },
    },
  });

  suite(`Group on authentik ${profile}, with an existing one`, () => {
    const life = async () => new Life(await providerOf(groupDefinition));

    async function withForeign(action: (foreign: Properties) => Promise<void>): Promise<void> {
      const attributes = { site: "north" };
      const foreign = await authentik.call("POST", "core/groups/", { name: "ours", attributes });
      try {
        await action(foreign);
      } finally {
        await authentik.call("DELETE", `core/groups/${foreign.pk}/`);
      }
    }

    test("is refused", () =>
      withForeign(async (foreign) => {
        const message = /A group "ours" exists already and was not made by this stack.*adopt: true/;
        await assert.rejects((await life()).create(base()), { name: "UserError", message });
        assert.deepEqual(await current(), foreign);
      }));

    test("continues with the group of its own interrupted run", async () => {
      const attributes = { proxmoxAuthentikSso: mark };
      const { pk } = await authentik.call("POST", "core/groups/", { name: "ours", attributes });
      const ours = await life();
      await ours.create({ ...base(), reuse: true });
      assert.equal(ours.state.pk, pk);
      assert.equal(ours.state.reused, false);
      assert.deepEqual((await current()).attributes, { team: "infrastructure", proxmoxAuthentikSso: mark });
      await ours.delete();
    });

    test("adopts it, and keeps its members and other attributes", () =>
      withForeign(async (foreign) => {
        const { pk: member } = await authentik.call("POST", "core/users/", {
          username: "member",
          name: "",
          groups: [foreign.pk],
        });
        const given = { ...base(), adopt: true };
        const adopted = await life();
        await adopted.create(given);
        await adopted.refresh();
        assert.equal(await adopted.preview(given), "nothing");
        const { pk, users, attributes } = await current();
        assert.equal(pk, foreign.pk);
        assert.deepEqual(users, [member]);
        assert.deepEqual(attributes, { site: "north", team: "infrastructure", proxmoxAuthentikSso: mark });
        await authentik.call("DELETE", `core/users/${member}/`);
      }));

    test("reuses it unchanged, and does not delete it", () =>
      withForeign(async (foreign) => {
        const given = { ...base(), isSuperuser: true, reuse: true };
        const reused = await life();
        await reused.create(given);
        assert.equal(reused.state.pk, foreign.pk);
        assert.equal(reused.state.reused, true);
        await patch(() => ({ is_superuser: true, attributes: {} }))();
        const changedByOthers = await current();
        await reused.refresh();
        assert.equal(await reused.preview(given), "nothing");
        await reused.update({ ...given, isSuperuser: false });
        await reused.delete();
        assert.deepEqual(await current(), changedByOthers);
      }));

    test("keeps a reused group that is renamed, and says what to change", async (context) => {
      const log = context.mock.method(console, "log", () => {});
      const { pk } = await authentik.call("POST", "core/groups/", { name: "ours" });
      const reused = await life();
      await reused.create({ ...base(), reuse: true });
      await authentik.call("PATCH", `core/groups/${pk}/`, { name: "theirs" });
      await reused.refresh();
      assert.equal(reused.state.pk, pk);
      assert.match(
        String(log.mock.calls[0]?.arguments[0]),
        /"ours" is now called "theirs" in authentik.*rename it in `access`/,
      );
      await reused.delete();
      await authentik.call("DELETE", `core/groups/${pk}/`);
    });

    test("stays ours, with its members, when the engine replaces it", async () => {
      const given = { ...base(), name: "replaced", ownershipMark: "0123456789abcdef" };
      const ours = await life();
      await ours.create(given);
      const { pk } = ours.state;
      await authentik.call("POST", "core/users/", { username: "bound", name: "", groups: [pk] });
      await ours.replace(given);
      assert.equal(ours.state.pk, pk);
      assert.equal(ours.state.reused, false);
      const { pk: user } = await authentik.find("core/users/?username=bound");
      await authentik.call("DELETE", `core/users/${user}/`);
      await ours.delete();
      assert.equal(Object((await authentik.call("GET", "core/groups/?name=replaced")).results).length, 0);
    });

    test("with members is kept at a delete, and is no longer ours", async (context) => {
      const log = context.mock.method(console, "log", () => {});
      const given = { ...base(), name: "peopled", ownershipMark: "0123456789abcdef" };
      const ours = await life();
      await ours.create(given);
      const { pk } = ours.state;
      await authentik.call("POST", "core/users/", { username: "member", name: "", groups: [pk] });
      await ours.delete();
      assert.match(
        String(log.mock.calls[0]?.arguments[0]),
        /stays in authentik.* it has a member \(member\)/,
      );
      const left = await authentik.call("GET", `core/groups/${pk}/`);
      assert.equal(Object(left.attributes).proxmoxAuthentikSso, undefined);
      const { pk: user } = await authentik.find("core/users/?username=member");
      await authentik.call("DELETE", `core/users/${user}/`);
      await authentik.call("DELETE", `core/groups/${pk}/`);
    });

    test("that another application uses is kept at a delete", async (context) => {
      const log = context.mock.method(console, "log", () => {});
      const ours = await life();
      await ours.create({ ...base(), name: "shared", ownershipMark: "0123456789abcdef" });
      const { pk: group } = ours.state;
      const { pk: target } = await authentik.call("POST", "core/applications/", {
        name: "o",
        slug: "others",
      });
      await authentik.call("POST", "policies/bindings/", { target, group, order: 0 });
      await ours.delete();
      assert.match(String(log.mock.calls[0]?.arguments[0]), /a binding of others use/);
      await authentik.call("GET", `core/groups/${group}/`);
      await authentik.call("DELETE", "core/applications/others/");
      await authentik.call("DELETE", `core/groups/${group}/`);
    });

    test("creates its own group if the reused one is gone", async () => {
      const { pk } = await authentik.call("POST", "core/groups/", { name: "ours" });
      const given = { ...base(), reuse: true };
      const reused = await life();
      await reused.create(given);
      await authentik.call("DELETE", `core/groups/${pk}/`);
      await assert.rejects(reused.refresh(), /the object is gone/);
      await reused.create(given);
      assert.equal(reused.state.reused, false);
      assert.notEqual(reused.state.pk, pk);
      await reused.delete();
    });
  });

  if (!isNew) {
    test("several parents are refused before any write", async () => {
      const life = new Life(await providerOf(groupDefinition));
      const given = { ...base(), name: "child", parents: [made.first, made.second] };
      await assert.rejects(
        life.create(given),
        /more than one of `parents` needs authentik 2025\.12 or later/,
      );
      assert.equal(Object((await authentik.call("GET", "core/groups/?name=child")).results).length, 0);
    });
  }
}

test("a group cannot be both reused and adopted", async () => {
  const provider = await providerOf(groupDefinition);
  const given = { authentik: { url: "https://auth.example.com" }, name: "ours", reuse: true, adopt: true };
  const { failures } = await provider.check({}, given);
  assert.equal(failures?.[0]?.reason, "does not go together with `adopt`");
});
