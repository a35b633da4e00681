import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { suite, test } from "node:test";
import { definitions } from "../../providers/registry";
import { AccessControlSimulator, bothProducts } from "./access-control-simulator";
import { Life } from "./life";
import { type Properties, providerOf } from "./simulators";

const guides = { backup: "backup-server.md", "datacenter-manager": "datacenter-manager.md" };
const ownershipMark = "0123456789abcdef";

for (const kind of bothProducts) {
  const server = new AccessControlSimulator(kind);
  const { module, name, adminRole, ownRealm, needs, tokenConfigKey, roles } = server.product;
  const userId = `pulumi@${ownRealm}`;
  let made: Promise<string> | undefined;

  /** The token of the page, for a user with the same rights. */
  const token = () =>
    (made ??= (async () => {
      await server.call("POST", "/access/users", { userid: userId });
      const { value } = await server.call("POST", `/access/users/${userId}/token/sso`);
      await grant(adminRole);
      return `${userId}!sso:${value}`;
    })());
  const grant = async (role: string) => {
    for (const id of [userId, `${userId}!sso`])
      await server.call("PUT", "/access/acl", { path: "/access", role, "auth-id": id });
  };
  const life = async (type: string) => {
    const definition = definitions.find((one) => one.type === `${module}:${type}`);
    assert.ok(definition);
    return new Life(await providerOf(definition, { [tokenConfigKey]: await token() }));
  };
  const realm = (more: Properties = {}) => ({
    proxmox: server.connection,
    realm: "corp",
    issuerUrl: "https://auth.example.com/",
    clientId: "client",
    usersOnDelete: "remove",
    ...more,
  });

  suite(`the token of docs/${guides[kind]} on ${name}`, () => {
    test("has the role that the page gives on /access", () => {
      const page = readFileSync(resolve(__dirname, "../../docs", guides[kind]), "utf8");
      assert.ok(page.includes(`needs the role \`${adminRole}\` on \`/access\``));
    });

    test("can create, change, read and delete everything that an up creates, and grant roles on other paths", async () => {
      const { proxmox } = realm();
      const [one, list, user, permission] = [
        await life("OpenIdRealm"),
        await life("Users"),
        await life("User"),
        await life("Acl"),
      ];
      await one.create(realm());
      await one.update(realm({ comment: "changed" }));
      const users = { proxmox, realm: "corp", users: ["alice@corp", "bob@corp"], ownershipMark };
      await list.create(users);
      await list.update({ ...users, users: ["alice@corp"] });
      await user.create({ proxmox, userId: "carol@corp", ownershipMark });
      const acl = { proxmox, path: "/", role: roles[0], users: ["alice@corp"], subjectsProveOwnership: true };
      await permission.create(acl);
      await permission.update({ ...acl, users: ["carol@corp"] });
      for (const each of [one, list, user, permission]) await each.refresh();
      for (const each of [permission, user, list, one]) await each.delete();
    });

    test("is what the doctor requires: without each of these privileges, an up fails with the lines to paste", async () => {
      const { proxmox } = realm();
      await (await life("OpenIdRealm")).create(realm());
      const lower = roles.find((role) => /^Audit(or)?$/.test(role)) ?? "";
      const { acl } = server.running.node.store;
      const before = acl.all;
      acl.remove(({ id }) => id.startsWith(userId));
      await grant(lower);
      const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
        "/access/domains": async () => (await life("OpenIdRealm")).create(realm({ realm: "second" })),
        "/access/users": async () =>
          (await life("User")).create({ proxmox, userId: "dan@corp", ownershipMark }),
        "/access/acl": async () =>
          (await life("Acl")).create({ proxmox, path: "/", role: lower, users: [userId], adopt: true }),
      };
      for (const { path } of needs) {
        await assert.rejects(
          async () => await attempts[path]?.(),
          (error) =>
            error instanceof Error &&
            /It needs the role Admin\w* on \/access, for the user and for the token/.test(error.message),
          path,
        );
      }
      acl.replaceAll(before);
    });
  });
}
