import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CURRENT } from "../../lab/authentik/profile";
import { exclusiveBindingsDefinition } from "../../providers/authentik/exclusiveBindings";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";
import { testEachInput } from "./table";

for (const profile of [CURRENT, "2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const made: Record<string, unknown> = {};
  const make = async (name: string, path: string, fields: Properties) => {
    made[name] = (await authentik.call("POST", path, fields)).pk;
  };
  const bind = (fields: Properties) =>
    authentik.call("POST", "policies/bindings/", { target: made.application, order: 0, ...fields });
  const bound = async (): Promise<unknown[]> => {
    const { results } = await authentik.call("GET", `policies/bindings/?target=${made.application}`);
    return Object(results)
      .map(({ pk }: Properties) => pk)
      .sort();
  };
  const base = () => ({
    authentik: authentik.connection,
    target: made.application,
    bindings: [made.ofAdmins, made.ofUsers],
  });

  async function prepare(): Promise<void> {
    await make("application", "core/applications/", { name: "a", slug: "a" });
    await make("other application", "core/applications/", { name: "b", slug: "b" });
    await make("admins", "core/groups/", { name: "admins" });
    await make("users", "core/groups/", { name: "users" });
    await make("alice", "core/users/", { username: "alice", name: "" });
    await make("policy", "policies/expression/", { name: "p", expression: "return True" });
    made.ofAdmins = (await bind({ group: made.admins })).pk;
    made.ofUsers = (await bind({ group: made.users })).pk;
  }
  let prepared: Promise<void> | undefined;
  const prepareOnce = () => (prepared ??= prepare());

  testEachInput({
    title: `ExclusiveBindings on authentik ${profile}`,
    definition: exclusiveBindingsDefinition,
    base,
    prepare: prepareOnce,
    onServer: async () => ({ bound: await bound() }),
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      target: { to: () => made["other application"], onlyHere: true },
      bindings: {
        // Each declared binding has its own `PolicyBinding`, which creates it.
        to: () => [made.ofAdmins, made.ofUsers, made.admins],
        onlyHere: true,
        drift: () => bind({ user: made.alice }),
      },
      removeOthers: { to: false, onlyHere: true },
      // A state of an earlier version has none: see closingBinding.test.ts.
      closingGroup: { to: "closed", shows: "nothing" },
      ownershipMark: { to: "0123456789abcdef", shows: "nothing" },
    },
  });

  suite(`exclusive bindings on authentik ${profile}`, () => {
    const living = async () => {
      await prepareOnce();
      const life = new Life(await providerOf(exclusiveBindingsDefinition));
      await life.create(base());
      return life;
    };

    if (profile === CURRENT) {
      test("keep temporary access, which a refresh reports", async (context) => {
        const life = await living();
        const granted = await bind({ user: made.alice });
        await authentik.running.grantUntil(String(granted.pk), new Date("2100-01-01T00:00:00Z"));
        const log = context.mock.method(console, "log", () => {});
        await life.refresh();
        assert.match(
          String(log.mock.calls[0]?.arguments[0]),
          /^Granted until 2100-01-01T00:00:00\.000Z: the user "alice".*an up keeps it/,
        );
        assert.equal(await life.preview(base()), "nothing");
        const byHand = await bind({ policy: made.policy });
        await life.refresh();
        await life.update(base());
        assert.ok((await bound()).includes(granted.pk));
        assert.ok(!(await bound()).includes(byHand.pk));
        await authentik.call("DELETE", `policies/bindings/${granted.pk}/`);
      });
    }

    test("show who is bound by hand in a refresh, and remove it in an update", async () => {
      const life = await living();
      for (const by of [
        { user: made.alice },
        { policy: made.policy },
        // The group that may log in, but negated: everybody else may.
        { group: made.admins, negate: true },
        { user: made.alice, enabled: false },
      ]) {
        const { pk } = await bind(by);
        const { bindings } = await life.refresh();
        assert.ok(Array.isArray(bindings) && bindings.includes(pk));
        assert.equal(await life.preview(base()), "update");
        await life.update(base());
        assert.deepEqual(await bound(), [made.ofAdmins, made.ofUsers].sort());
        await life.refresh();
        assert.equal(await life.preview(base()), "nothing");
      }
    });

    test("also remove a binding that was added before, or after the last refresh", async () => {
      await bind({ user: made.alice });
      const life = await living();
      assert.deepEqual(await bound(), [made.ofAdmins, made.ofUsers].sort());
      await bind({ user: made.alice });
      await life.update(base());
      assert.deepEqual(await bound(), [made.ofAdmins, made.ofUsers].sort());
    });

    test("show no drift when a binding by hand is removed by hand", async () => {
      const life = await living();
      const { pk } = await bind({ user: made.alice });
      await life.refresh();
      await authentik.call("DELETE", `policies/bindings/${pk}/`);
      await life.refresh();
      assert.equal(await life.preview(base()), "nothing");
    });

    test("keep the others if all their own are gone, because removing them would admit everybody", async () => {
      const life = await living();
      await bind({ user: made.alice });
      const ours = [made.ofAdmins, made.ofUsers];
      for (const pk of ours) await authentik.call("DELETE", `policies/bindings/${pk}/`);
      await assert.rejects(life.update(base()), {
        name: "UserError",
        message: /none of its bindings exists any longer.*everybody could log in\. Run pulumi refresh/,
      });
      assert.equal((await bound()).length, 1);
      made.ofAdmins = (await bind({ group: made.admins })).pk;
      made.ofUsers = (await bind({ group: made.users })).pk;
      await life.update(base());
      assert.deepEqual(await bound(), [made.ofAdmins, made.ofUsers].sort());
    });

    test("report in an update an own binding that is gone, and how to create it again", async (context) => {
      const life = await living();
      await authentik.call("DELETE", `policies/bindings/${made.ofUsers}/`);
      const log = context.mock.method(console, "log", () => {});
      await life.update(base());
      assert.match(
        String(log.mock.calls[0]?.arguments[0]),
        /^1 of the 2 declared bindings is gone, and the members .* cannot log in\. Run pulumi refresh, then pulumi up\.$/,
      );
      made.ofUsers = (await bind({ group: made.users })).pk;
    });

    test("are deleted without a change of any binding", async () => {
      const life = await living();
      const { pk } = await bind({ user: made.alice });
      await life.delete();
      assert.ok((await bound()).includes(pk));
      await authentik.call("DELETE", `policies/bindings/${pk}/`);
    });
  });
}

test("exclusive bindings refuse an empty list, which would admit everybody", async () => {
  const provider = await providerOf(exclusiveBindingsDefinition);
  const target = "0b9e3e9c-5d5c-4a3c-8a6e-3f6f0f0f5d11";
  const { failures } = await provider.check(
    {},
    { authentik: { url: "https://auth.example.com" }, target, bindings: [] },
  );
  assert.match(failures?.[0]?.reason ?? "", /at least one, since an application without bindings/);
});
