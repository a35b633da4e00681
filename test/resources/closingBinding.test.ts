import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { exclusiveBindingsDefinition } from "../../providers/authentik/exclusiveBindings";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";

const closingGroup = "pve closed (proxmox-authentik-sso)";
const ownershipMark = "0123456789abcdef";

for (const profile of ["2026.5", "2025.10"]) {
  suite(`an application on authentik ${profile} stays closed`, () => {
    const authentik = new AuthentikSimulator(profile);
    let count = 0;

    async function prepare() {
      count += 1;
      const name = `app-${count}`;
      const { pk: target } = await authentik.call("POST", "core/applications/", { name, slug: name });
      const { pk: group } = await authentik.call("POST", "core/groups/", { name: `group-${count}` });
      const { pk } = await authentik.call("POST", "policies/bindings/", { target, group, order: 0 });
      const given = { authentik: authentik.connection, target, bindings: [pk], closingGroup, ownershipMark };
      const life = new Life(await providerOf(exclusiveBindingsDefinition));
      return { life, given, group };
    }

    async function boundGroups({ target }: Properties): Promise<unknown[]> {
      const { results } = await authentik.call("GET", `policies/bindings/?target=${target}`);
      return Object(results).map((binding: Properties) => Object(binding.group_obj).name);
    }

    test("if every declared group is deleted by hand", async () => {
      const { life, given, group } = await prepare();
      await life.create(given);
      await authentik.call("DELETE", `core/groups/${group}/`);
      assert.deepEqual(await boundGroups(given), [closingGroup]);
      await life.delete();
      assert.equal(Object((await authentik.call("GET", "core/groups/?search=closed")).results).length, 0);
    });

    test("and its group is deleted too, when a refresh has seen that the closing binding was deleted by hand", async () => {
      const { life, given } = await prepare();
      await life.create(given);
      const { results } = await authentik.call("GET", `policies/bindings/?target=${given.target}`);
      for (const { pk } of Object(results)) await authentik.call("DELETE", `policies/bindings/${pk}/`);
      await life.refresh();
      await life.refresh();
      await life.delete();
      assert.equal(Object((await authentik.call("GET", "core/groups/?search=closed")).results).length, 0);
    });

    test("if another stack takes it over, and the first one is deleted then", async () => {
      const { life, given } = await prepare();
      await life.create(given);
      const second = new Life(await providerOf(exclusiveBindingsDefinition));
      await second.create({ ...given, ownershipMark: "fedcba9876543210" });
      await life.delete();
      assert.ok((await boundGroups(given)).includes(closingGroup));
      await second.delete();
      assert.equal(Object((await authentik.call("GET", "core/groups/?search=closed")).results).length, 0);
    });

    test("by another group when its name changes, and the previous group is deleted", async () => {
      const { life, given } = await prepare();
      await life.create(given);
      const renamed = { ...given, closingGroup: `renamed ${closingGroup}` };
      await life.update(renamed);
      const left = async () => {
        const { results } = await authentik.call("GET", "core/groups/?search=closed");
        return Object(results).map(({ name }: Properties) => name);
      };
      assert.deepEqual(await left(), [renamed.closingGroup]);
      assert.ok((await boundGroups(given)).includes(renamed.closingGroup));
      await life.delete();
      assert.deepEqual(await left(), []);
    });

    test("again at the next up, if the closing binding is deleted or disabled by hand and a refresh has seen it", async () => {
      const { life, given } = await prepare();
      await life.create(given);
      const isClosing = (binding: Properties) => Object(binding.group_obj).name === closingGroup;
      for (const change of ["DELETE", "PATCH"] as const) {
        const { results } = await authentik.call("GET", `policies/bindings/?target=${given.target}`);
        const { pk, group } = Object(results).find(isClosing);
        const body = { target: given.target, group, order: 7, enabled: false };
        await authentik.call(change, `policies/bindings/${pk}/`, change === "PATCH" ? body : undefined);
        await life.refresh();
        assert.equal(await life.preview(given), "update");
        await life.update(given);
        await life.refresh();
        assert.equal(await life.preview(given), "nothing");
        const now = await authentik.call("GET", `policies/bindings/?target=${given.target}`);
        assert.deepEqual(
          Object(now.results)
            .filter(isClosing)
            .map(({ enabled }: Properties) => enabled),
          [true],
        );
      }
      await life.delete();
    });

    test("with a state of an earlier version from its next change on, and shows nothing earlier", async () => {
      const { life, given } = await prepare();
      const { closingGroup: _, ownershipMark: __, ...earlier } = given;
      await life.create(earlier);
      assert.equal(await life.preview(given), "nothing");
      await life.refresh();
      assert.equal(await life.preview(given), "nothing");
      await life.update({ ...given, removeOthers: false });
      assert.ok((await boundGroups(given)).includes(closingGroup));
      await life.delete();
    });

    test("and a group of that name that is not ours is refused", async () => {
      const { pk } = await authentik.call("POST", "core/groups/", { name: closingGroup });
      const { life, given } = await prepare();
      await assert.rejects(life.create(given), /A group "pve closed .*" exists already.*rename or remove/);
      await authentik.call("DELETE", `core/groups/${pk}/`);
    });
  });
}
