import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { userDefinition as ofBackupServer } from "../../providers/backupServer/user";
import { userDefinition as ofDatacenterManager } from "../../providers/datacenterManager/user";
import { AccessControlSimulator, bothProducts } from "./access-control-simulator";
import { Life } from "./life";
import { providerOf } from "./simulators";
import { testEachInput } from "./table";

const definitions = { backup: ofBackupServer, "datacenter-manager": ofDatacenterManager };
const mark = "0123456789abcdef";
const marked = `[proxmox-authentik-sso ${mark}]`;

for (const kind of bothProducts) {
  const server = new AccessControlSimulator(kind);
  const definition = definitions[kind];
  const path = "/access/users/alice@corp";
  const put = (field: string, value: string) => () => server.call("PUT", path, { [field]: value });
  const base = () => ({ proxmox: server.connection, userId: "alice@corp", ownershipMark: mark });
  const makeRealm = () =>
    server.call("POST", "/config/access/openid", {
      realm: "corp",
      "issuer-url": "https://auth.example.com/",
      "client-id": "client",
    });
  let prepared: Promise<unknown> | undefined;
  const prepare = async () => {
    prepared ??= makeRealm();
    await prepared;
  };

  testEachInput({
    title: `User on ${server.product.name}`,
    definition,
    credentials: server.credentials,
    base,
    prepare,
    async onServer() {
      // Two spellings of the same time.
      const { enable = true, expire = 0, ...user } = await server.call("GET", path);
      return { enable, expire, ...user };
    },
    foundBy: ["userId"],
    inputs: {
      proxmox: {
        to: () => ({ ...server.connection, caCertificate: `${server.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      userId: { to: "bob@corp", shows: "replace" },
      enabled: { to: false, drift: put("enable", "0") },
      expires: { to: "2040-01-01", drift: put("expire", "2000000000") },
      comment: { to: "Alice", drift: put("comment", `x ${marked}`) },
      email: { to: "alice@example.com", drift: put("email", "x@example.com") },
      firstName: { to: "Alice", drift: put("firstname", "Xenia") },
      lastName: { to: "Doe", drift: put("lastname", "Xu") },
      ownershipMark: { to: "fedcba9876543210" },
      adopt: { to: true, shows: "nothing" },
    },
  });

  suite(`User on ${server.product.name}: more cases`, () => {
    const life = async () => {
      await prepare();
      return new Life(await providerOf(definition, server.credentials));
    };
    const [role = ""] = server.product.roles;
    const rights = async () => {
      const entries = Object.values(await server.call("GET", "/access/acl")).map(Object);
      return entries.filter(({ ugid }) => ugid.startsWith("alice@corp")).length;
    };

    test("deletes a user with its permissions: a later user of this name has none", async () => {
      const user = await life();
      await user.create(base());
      await server.call("PUT", "/access/acl", { path: "/", role, "auth-id": "alice@corp" });
      assert.equal(await rights(), 1);
      await user.delete();
      await user.create(base());
      assert.equal(await rights(), 0);
      await user.delete();
    });

    test("deletes no user if the token cannot read the permissions", async () => {
      const user = await life();
      await user.create(base());
      const { store } = server.running.node;
      await server.call("PUT", "/access/acl", {
        path: "/access/users",
        role: server.product.adminRole,
        "auth-id": "root@pam!test",
      });
      const all = store.acl.all;
      store.acl.remove((line) => line.path === "/");
      await assert.rejects(user.delete(), /may not see the permissions of alice@corp.*It needs the role/);
      assert.ok(store.users.get("alice@corp"));
      store.acl.replaceAll(all);
      await user.delete();
    });

    test("names a realm that does not exist, with the fix", async () => {
      const given = { ...base(), userId: "alice@nowhere" };
      await assert.rejects((await life()).create(given), /unknown realm.*create it first/);
    });

    test("can be deleted after its realm is gone, or says what to do", async () => {
      const user = await life();
      await user.create(base());
      await server.call("DELETE", "/config/access/openid/corp");
      if (kind === "backup") await user.delete();
      else await assert.rejects(user.delete(), /Create the realm again, remove the user, then the realm/);
      await makeRealm();
      await user.delete();
      assert.equal(server.running.node.store.users.get("alice@corp"), undefined);
    });

    test("refuses a user of somebody else, and recognizes ours by the mark in the comment", async () => {
      await prepare();
      await server.call("POST", "/access/users", { userid: "alice@corp", comment: "theirs" });
      const message = /A user "alice@corp" exists already and was not made by this stack/;
      await assert.rejects((await life()).create(base()), { name: "UserError", message });
      await server.call("PUT", path, { comment: `ours ${marked}` });
      const user = await life();
      await user.create({ ...base(), comment: "Alice" });
      assert.equal((await server.call("GET", path)).comment, `Alice ${marked}`);
      await user.delete();
    });

    test("refuses a comment that is too long with its mark before any request", async () => {
      const { failures } = await (await providerOf(definition)).check(
        {},
        { ...base(), comment: "x".repeat(120) },
      );
      assert.match(failures?.[0]?.reason ?? "", /more than the 128 characters/);
    });
  });
}
