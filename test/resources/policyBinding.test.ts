import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { suite, test } from "node:test";
import { CURRENT } from "../../lab/authentik/profile";
import { policyBindingDefinition } from "../../providers/authentik/policyBinding";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";
import { testEachInput } from "./table";

for (const profile of [CURRENT, "2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const made: Record<string, unknown> = {};
  const bindings = async (): Promise<Properties[]> =>
    Object((await authentik.call("GET", `policies/bindings/?target=${made.application}`)).results);
  const patch = (fields: () => Properties) => async () => {
    const [binding] = await bindings();
    const subject = { target: made.application, group: made.group };
    await authentik.call("PATCH", `policies/bindings/${binding?.pk}/`, { ...subject, ...fields() });
  };
  const base = () => ({ authentik: authentik.connection, target: made.application, group: made.group });
  const make = async (name: string, path: string, fields: Properties) => {
    made[name] = (await authentik.call("POST", path, fields)).pk;
  };

  async function prepare(): Promise<void> {
    if (made.application) return;
    await make("application", "core/applications/", { name: "a", slug: "a" });
    await make("other application", "core/applications/", { name: "b", slug: "b" });
    await make("group", "core/groups/", { name: "admins" });
    await make("other group", "core/groups/", { name: "users" });
    await make("user", "core/users/", { username: "alice", name: "" });
    await make("policy", "policies/expression/", { name: "p", expression: "return True" });
  }

  testEachInput({
    title: `PolicyBinding on authentik ${profile}`,
    definition: policyBindingDefinition,
    base,
    prepare,
    foundBy: ["target", "policy", "group", "user"],
    onServer: ({ pk }) => authentik.call("GET", `policies/bindings/${pk}/`),
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      target: {
        to: () => made["other application"],
        drift: patch(() => ({ target: made["other application"] })),
      },
      policy: {
        to: () => made.policy,
        with: { group: undefined },
        drift: patch(() => ({ group: null, policy: made.policy })),
      },
      user: {
        to: () => made.user,
        with: { group: undefined },
        drift: patch(() => ({ group: null, user: made.user })),
      },
      group: { to: () => made["other group"], drift: patch(() => ({ group: made["other group"] })) },
      order: { to: 7, drift: patch(() => ({ order: 9 })) },
      negate: { to: true, drift: patch(() => ({ negate: true })) },
      enabled: { to: false, drift: patch(() => ({ enabled: false })) },
      timeout: { to: 5, drift: patch(() => ({ timeout: 6 })) },
      failureResult: { to: true, drift: patch(() => ({ failure_result: true })) },
      targetProvesOwnership: { to: true, onlyHere: true },
      adopt: { to: true, shows: "nothing" },
    },
  });

  suite(`PolicyBinding on authentik ${profile}: more cases`, () => {
    const life = async () => new Life(await providerOf(policyBindingDefinition));

    test("corrects a change made outside of Pulumi, although it shares its order", async () => {
      await prepare();
      const one = await life();
      const other = await life();
      await one.create(base());
      await patch(() => ({ enabled: false }))();
      await other.create({ ...base(), group: made["other group"] });
      await one.refresh();
      assert.equal(await one.preview(base()), "update");
      await one.update(base());
      await one.refresh();
      assert.equal(await one.preview(base()), "nothing");
      await other.refresh();
      assert.deepEqual(
        (await bindings()).map(({ group, enabled, order }) => ({ group, enabled, order })).sort(byGroup),
        [made.group, made["other group"]].map((group) => ({ group, enabled: true, order: 0 })).sort(byGroup),
      );
      await one.delete();
      await other.delete();
      assert.deepEqual(await bindings(), []);
    });

    test("keeps the binding if a change is refused for another reason than its order", async () => {
      await prepare();
      const bound = await life();
      await bound.create(base());
      await assert.rejects(bound.update({ ...base(), group: randomUUID() }), /group: Invalid pk/);
      assert.deepEqual(
        (await bindings()).map(({ pk }) => pk),
        [bound.state.pk],
      );
      await bound.delete();
    });

    test("refuses an equal binding; takes it over with adopt, or if its target is ours", async () => {
      await prepare();
      const fields = { target: made.application, group: made.group, order: 3, negate: true };
      for (const proof of [{ adopt: true }, { targetProvesOwnership: true }]) {
        const { pk } = await authentik.call("POST", "policies/bindings/", fields);
        const bound = await life();
        const message = /A binding of group .* exists already and was not made by this stack/;
        await assert.rejects(bound.create(base()), { name: "UserError", message });
        await bound.create({ ...base(), ...proof });
        const [{ pk: taken, order, negate } = {}, ...others] = await bindings();
        assert.deepEqual(
          { taken, order, negate, others },
          { taken: pk, order: 0, negate: false, others: [] },
        );
        await bound.delete();
      }
    });

    test("names a target that does not exist", async () => {
      await prepare();
      await assert.rejects((await life()).create({ ...base(), target: randomUUID() }), /target: Invalid pk/);
    });
  });
}

test("a binding has exactly one subject", async () => {
  const provider = await providerOf(policyBindingDefinition);
  const target = randomUUID();
  const given = { authentik: { url: "https://auth.example.com" }, target };
  for (const wrong of [{}, { user: 1, group: target }]) {
    const { failures } = await provider.check({}, { ...given, ...wrong });
    assert.match(failures?.[0]?.reason ?? "", /exactly one of `policy`, `group` and `user`/);
  }
  const { failures } = await provider.check({}, { ...given, user: 1 });
  assert.deepEqual(failures, []);
});

function byGroup(a: Properties, b: Properties): number {
  return String(a.group) < String(b.group) ? -1 : 1;
}
