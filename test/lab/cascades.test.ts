import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { RELEASED } from "../../lab/authentik/profile";
import {
  type AuthentikSimulator as Authentik,
  AuthentikSimulator,
  ProxmoxSimulator,
} from "../resources/simulators";

const listed = async (authentik: Authentik, path: string) => {
  const { results } = await authentik.call("GET", path);
  assert.ok(Array.isArray(results));
  return results.map(Object);
};

async function makeProvider(authentik: Authentik, more: Record<string, unknown> = {}) {
  const flow = await authentik.find("flows/instances/?slug=default-authentication-flow");
  return authentik.call("POST", "providers/oauth2/", {
    name: "shop",
    authorization_flow: flow.pk,
    invalidation_flow: flow.pk,
    redirect_uris: [],
    ...more,
  });
}

for (const profile of ["2025.10", "2026.5", RELEASED]) {
  suite(`when an object of authentik ${profile} is deleted`, () => {
    const authentik = new AuthentikSimulator(profile);
    const bindings = (target: unknown) => listed(authentik, `policies/bindings/?target=${target}`);

    test("a group's bindings and memberships are deleted too", async () => {
      const group = await authentik.call("POST", "core/groups/", { name: "staff" });
      const user = await authentik.call("POST", "core/users/", {
        username: "ada",
        name: "Ada",
        groups: [group.pk],
      });
      const application = await authentik.call("POST", "core/applications/", { name: "shop", slug: "shop" });
      const binding = { target: application.pk, order: 0 };
      await authentik.call("POST", "policies/bindings/", { ...binding, group: group.pk });
      await authentik.call("POST", "policies/bindings/", { ...binding, user: user.pk, order: 1 });
      await authentik.call("DELETE", `core/groups/${group.pk}/`);
      assert.deepEqual(
        (await bindings(application.pk)).map((one) => [one.group, one.user]),
        [[null, user.pk]],
      );
      assert.deepEqual((await authentik.call("GET", `core/users/${user.pk}/`)).groups, []);
    });

    test("an application's bindings are deleted too, and no others", async () => {
      const group = await authentik.call("POST", "core/groups/", { name: "guests" });
      const [gone, other] = [
        await authentik.call("POST", "core/applications/", { name: "gone", slug: "gone" }),
        await authentik.call("POST", "core/applications/", { name: "other", slug: "other" }),
      ];
      for (const target of [gone?.pk, other?.pk]) {
        await authentik.call("POST", "policies/bindings/", { target, group: group.pk, order: 0 });
      }
      await authentik.call("DELETE", "core/applications/gone/");
      assert.deepEqual(
        (await listed(authentik, "policies/bindings/"))
          .filter((one) => one.group === group.pk)
          .map((one) => one.target),
        [other?.pk],
      );
    });

    test("a provider's application stays, without a provider", async () => {
      const { pk: provider } = await makeProvider(authentik, { name: "left" });
      await authentik.call("POST", "core/applications/", { name: "left", slug: "left", provider });
      await authentik.call("DELETE", `providers/oauth2/${provider}/`);
      assert.equal((await authentik.call("GET", "core/applications/left/")).provider, null);
    });

    test("a key pair's provider stays, without a signing key", async () => {
      const generated = { common_name: "signing", subject_alt_name: "", validity_days: 1 };
      const { pk: key } = await authentik.call("POST", "crypto/certificatekeypairs/generate/", generated);
      const provider = await makeProvider(authentik, { name: "signed", signing_key: key });
      assert.equal(provider.signing_key, key);
      await authentik.call("DELETE", `crypto/certificatekeypairs/${key}/`);
      const { signing_key: left } = await authentik.call("GET", `providers/oauth2/${provider.pk}/`);
      assert.equal(left, null);
    });

    test("a scope mapping's provider stays, without the mapping", async () => {
      const mapping = await authentik.call("POST", "propertymappings/provider/scope/", {
        name: "own",
        scope_name: "own",
        expression: "return {}",
      });
      const { pk } = await makeProvider(authentik, { name: "mapped", property_mappings: [mapping.pk] });
      await authentik.call("DELETE", `propertymappings/provider/scope/${mapping.pk}/`);
      assert.deepEqual((await authentik.call("GET", `providers/oauth2/${pk}/`)).property_mappings, []);
    });

    test("a user's bindings are deleted too", async () => {
      const { pk: user } = await authentik.call("POST", "core/users/", { username: "eve", name: "Eve" });
      const { pk: target } = await authentik.call("POST", "core/applications/", { name: "v", slug: "v" });
      await authentik.call("POST", "policies/bindings/", { target, user, order: 0 });
      await authentik.call("DELETE", `core/users/${user}/`);
      assert.deepEqual(await bindings(target), []);
    });
  });
}

suite("an authentik that is set up a second time", () => {
  const [first, second] = [new AuthentikSimulator(RELEASED), new AuthentikSimulator(RELEASED)];

  test("assigns the integer ids of users and providers again, and each only once", async () => {
    const ids = async (authentik: Authentik) => {
      const { pk: user } = await authentik.call("POST", "core/users/", { username: "one", name: "One" });
      const { pk: provider } = await makeProvider(authentik);
      return { user, provider };
    };
    const before = await ids(first);
    assert.deepEqual(await ids(second), before);
    await second.call("DELETE", `core/users/${before.user}/`);
    await second.call("DELETE", `providers/oauth2/${before.provider}/`);
    const after = await ids(second);
    assert.deepEqual(after, { user: Number(before.user) + 1, provider: Number(before.provider) + 1 });
  });
});

for (const release of ["7.4", "9.2"]) {
  suite(`when an object of Proxmox VE ${release} is deleted`, () => {
    const proxmox = new ProxmoxSimulator(release);

    const left = async () => ({
      acl: Object.values(await proxmox.call("GET", "/access/acl"))
        .map(Object)
        .map(({ ugid, roleid }) => `${ugid} ${roleid}`)
        .sort(),
      groups: Object.values(await proxmox.call("GET", "/access/groups"))
        .map(Object)
        .map(({ groupid, users }) => `${groupid}: ${users}`)
        .sort(),
      users: Object.values(await proxmox.call("GET", "/access/users"))
        .map(Object)
        .map(({ userid }) => userid)
        .filter((userid) => userid !== "root@pam"),
    });

    test("permissions of a group, role or user are deleted too, and those of a realm stay", async () => {
      await proxmox.call("POST", "/access/domains", {
        realm: "sso",
        type: "openid",
        "issuer-url": "https://auth.example.com",
        "client-id": "id",
      });
      for (const groupid of ["a", "b"]) await proxmox.call("POST", "/access/groups", { groupid });
      await proxmox.call("POST", "/access/roles", { roleid: "Own", privs: "VM.Audit" });
      await proxmox.call("POST", "/access/users", { userid: "ada@sso", groups: "a,b" });
      await proxmox.call("PUT", "/access/acl", { path: "/vms", groups: "a,b", roles: "Own,PVEAuditor" });
      await proxmox.call("PUT", "/access/acl", { path: "/vms", users: "ada@sso", roles: "Own,PVEAuditor" });

      await proxmox.call("DELETE", "/access/domains/sso");
      assert.deepEqual(await left(), {
        acl: ["a Own", "a PVEAuditor", "ada@sso Own", "ada@sso PVEAuditor", "b Own", "b PVEAuditor"],
        groups: ["a: ada@sso", "b: ada@sso"],
        users: ["ada@sso"],
      });
      await proxmox.call("DELETE", "/access/groups/a");
      assert.deepEqual((await left()).acl, ["ada@sso Own", "ada@sso PVEAuditor", "b Own", "b PVEAuditor"]);
      await proxmox.call("DELETE", "/access/roles/Own");
      assert.deepEqual((await left()).acl, ["ada@sso PVEAuditor", "b PVEAuditor"]);
      await proxmox.call("DELETE", "/access/users/ada@sso");
      assert.deepEqual(await left(), { acl: ["b PVEAuditor"], groups: ["b: "], users: [] });
    });
  });
}
