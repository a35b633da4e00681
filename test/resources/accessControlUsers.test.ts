import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { usersDefinition as ofBackupServer } from "../../providers/backupServer/users";
import { Credentials } from "../../providers/core/credentials";
import { RejectedError } from "../../providers/core/errors";
import { usersDefinition as ofDatacenterManager } from "../../providers/datacenterManager/users";
import { AccessControlSimulator, bothProducts } from "./access-control-simulator";
import { Life } from "./life";
import { type Properties, providerOf } from "./simulators";
import { testEachInput } from "./table";

const definitions = { backup: ofBackupServer, "datacenter-manager": ofDatacenterManager };
const mark = "0123456789abcdef";
const marked = `[proxmox-authentik-sso ${mark}]`;

for (const kind of bothProducts) {
  const server = new AccessControlSimulator(kind);
  const definition = definitions[kind];
  const [role = ""] = server.product.roles;
  const base = (...names: string[]) => ({
    proxmox: server.connection,
    realm: "corp",
    users: (names.length > 0 ? names : ["alice", "bob"]).map((name) => `${name}@corp`),
    ownershipMark: mark,
  });
  let prepared: Promise<unknown> | undefined;
  const prepare = async () => {
    prepared ??= Promise.all(
      ["corp", "other"].map((realm) =>
        server.call("POST", "/config/access/openid", {
          realm,
          "issuer-url": "https://auth.example.com/",
          "client-id": "client",
        }),
      ),
    );
    await prepared;
  };
  const onServer = async (): Promise<Properties> =>
    Object.fromEntries(
      Object.values(await server.call("GET", "/access/users"))
        .map(Object)
        .filter(({ userid }) => /@(?:corp|other)$/.test(userid))
        .map(({ userid, comment }) => [userid, comment]),
    );

  testEachInput({
    title: `Users on ${server.product.name}`,
    definition,
    credentials: server.credentials,
    base,
    prepare,
    onServer,
    inputs: {
      proxmox: {
        to: () => ({ ...server.connection, caCertificate: `${server.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      realm: { to: "other", with: { users: ["alice@other"] }, shows: "replace" },
      users: {
        to: ["bob@corp", "carol@corp"],
        drift: () => server.call("DELETE", "/access/users/bob@corp"),
      },
      ownershipMark: { to: "fedcba9876543210" },
    },
  });

  suite(`Users on ${server.product.name}: more cases`, () => {
    const life = async () => {
      await prepare();
      return new Life(await providerOf(definition, server.credentials));
    };

    test("uses an existing user unchanged, and keeps it", async () => {
      const users = await life();
      await server.call("POST", "/access/users", {
        userid: "alice@corp",
        comment: "by a login",
        enable: "0",
      });
      await users.create(base());
      assert.deepEqual(await onServer(), { "alice@corp": "by a login", "bob@corp": marked });
      assert.equal((await server.call("GET", "/access/users/alice@corp")).enable, false);
      await users.refresh();
      assert.equal(await users.preview(base()), "nothing");
      await users.delete();
      assert.deepEqual(await onServer(), { "alice@corp": "by a login" });
      await server.call("DELETE", "/access/users/alice@corp");
    });

    test("refuses a user of another stack, and writes nothing", async () => {
      const users = await life();
      const theirs = "[proxmox-authentik-sso fedcba9876543210]";
      await server.call("POST", "/access/users", { userid: "bob@corp", comment: theirs });
      const message = /A user "bob@corp" with the mark of another stack exists already/;
      await assert.rejects(users.create(base()), { name: "UserError", message });
      assert.deepEqual(await onServer(), { "bob@corp": theirs });
      await server.call("DELETE", "/access/users/bob@corp");
    });

    test("reports a user that the server refuses, unless a login has just created it", async (context) => {
      await prepare();
      const inputs = definition.inputs.parse(base("alice"));
      const credentials = new Credentials({ get: () => undefined }, server.credentials);
      const client = definition.connect(inputs, credentials);
      const refused = new RejectedError("parameter verification failed");
      const createUser = client.createUser.bind(client);
      let isMadeByLogin = false;
      context.mock.method(client, "createUser", async (user: string) => {
        if (isMadeByLogin) await createUser(user, { comment: "by a login" });
        throw refused;
      });
      await assert.rejects(definition.create(client, inputs), refused);
      isMadeByLogin = true;
      await definition.create(client, inputs);
      assert.deepEqual(await onServer(), { "alice@corp": "by a login" });
      await server.call("DELETE", "/access/users/alice@corp");
    });

    test("continues a run that was killed after the first user", async () => {
      const users = await life();
      await server.call("POST", "/access/users", { userid: "alice@corp", comment: marked });
      await users.create(base());
      assert.deepEqual(await onServer(), { "alice@corp": marked, "bob@corp": marked });
      await users.delete();
      assert.deepEqual(await onServer(), {});
    });

    test("removes a user who leaves, with all permissions, and keeps those of the others", async () => {
      const users = await life();
      await users.create(base());
      for (const user of ["alice@corp", "bob@corp"]) {
        await server.call("PUT", "/access/acl", { path: "/", role, "auth-id": user });
      }
      await users.update(base("bob"));
      const entries = Object.values(await server.call("GET", "/access/acl")).map(Object);
      const holders = entries.map(({ ugid }) => ugid).filter((id) => id.endsWith("@corp"));
      assert.deepEqual(holders, ["bob@corp"]);
      assert.deepEqual(await onServer(), { "bob@corp": marked });
      await users.delete();
    });

    test("does not remove the user of the stack's own token", async () => {
      const users = await life();
      await users.create(base());
      const { value } = await server.call("POST", "/access/users/alice@corp/token/own");
      const own = `alice@corp!own:${value}`;
      for (const id of ["alice@corp", "alice@corp!own"])
        await server.call("PUT", "/access/acl", {
          path: "/access",
          role: server.product.adminRole,
          "auth-id": id,
        });
      const byItself = users.by(await providerOf(definition, { [server.product.tokenConfigKey]: own }));
      await assert.rejects(
        byItself.update(base("bob")),
        /own token belongs to alice@corp, and would be deleted/,
      );
      assert.ok(server.running.node.store.users.get("alice@corp"));
      await users.delete();
    });

    test("with an empty list creates and changes nothing", async () => {
      const users = await life();
      const nobody = { ...base(), users: [] };
      await users.create(nobody);
      await users.refresh();
      assert.equal(await users.preview(nobody), "nothing");
      await users.delete();
    });

    test("refuses a user of another realm at preview", async () => {
      const provider = await providerOf(definition);
      const { failures } = await provider.check({}, { ...base(), users: ["alice@other"] });
      assert.match(failures?.[0]?.reason ?? "", /"alice@other", who is not in the realm "corp"/);
    });
  });
}
