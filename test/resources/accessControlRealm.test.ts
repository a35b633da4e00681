import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { openIdRealmDefinition as ofBackupServer } from "../../providers/backupServer/openIdRealm";
import { openIdRealmDefinition as ofDatacenterManager } from "../../providers/datacenterManager/openIdRealm";
import { AccessControlSimulator, bothProducts } from "./access-control-simulator";
import { Life } from "./life";
import { providerOf } from "./simulators";
import { testEachInput } from "./table";

const definitions = { backup: ofBackupServer, "datacenter-manager": ofDatacenterManager };

for (const kind of bothProducts) {
  const server = new AccessControlSimulator(kind);
  const definition = definitions[kind];
  const path = "/config/access/openid/corp";
  const put = (option: string, value: string) => () => server.call("PUT", path, { [option]: value });
  const base = () => ({
    proxmox: server.connection,
    realm: "corp",
    issuerUrl: "https://auth.example.com/application/o/proxmox/",
    clientId: "client",
  });

  async function otherUsernameClaim() {
    await server.call("DELETE", path);
    await server.call("POST", "/config/access/openid", {
      realm: "corp",
      "issuer-url": "https://auth.example.com/application/o/proxmox/",
      "client-id": "client",
      "username-claim": "email",
      autocreate: "1",
    });
  }

  testEachInput({
    title: `OpenIdRealm on ${server.product.name}`,
    definition,
    credentials: server.credentials,
    base,
    onServer: () => server.call("GET", path),
    inputs: {
      // The same CA in another spelling.
      proxmox: {
        to: () => ({ ...server.connection, caCertificate: `${server.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      realm: { to: "corp2", shows: "replace" },
      issuerUrl: { to: "https://login.example.com/o/", drift: put("issuer-url", "https://x/") },
      clientId: { to: "other", drift: put("client-id", "x") },
      clientKey: { to: "other", drift: put("client-key", "x") },
      usernameClaim: { to: "email", shows: "replace", drift: otherUsernameClaim },
      autocreate: { to: false, drift: put("autocreate", "0") },
      default: { to: true, drift: put("default", "1") },
      comment: { to: "Log in with authentik", drift: put("comment", "x") },
      scopes: { to: "email profile groups", drift: put("scopes", "email") },
      prompt: { to: "login", drift: put("prompt", "consent") },
      acrValues: { to: "gold", drift: put("acr-values", "silver") },
      audiences: { to: "api", drift: put("audiences", "other") },
      usersOnDelete: { to: "remove", onlyHere: true },
      clientProvesOwnership: { to: true, onlyHere: true },
      clientIdProvesOwnership: { to: true, shows: "nothing" },
      adopt: { to: true, shows: "nothing" },
    },
  });

  suite(`OpenIdRealm on ${server.product.name}: more cases`, () => {
    const life = async () => new Life(await providerOf(definition, server.credentials));
    const list = async () => Object.values(await server.call("GET", "/access/domains")).map(Object);

    test("stays the default realm when another option changes", async () => {
      const realm = await life();
      await realm.create({ ...base(), default: true });
      await realm.update({ ...base(), default: true, comment: "SSO" });
      assert.equal((await server.call("GET", path)).default, true);
      await realm.delete();
    });

    test("merges a change of another realm between read and write", async () => {
      const realm = await life();
      await realm.create(base());
      const { store } = server.running.node;
      const { requireDigest } = store.realms;
      let conflicts = 0;
      store.realms.requireDigest = function once(digest) {
        store.realms.requireDigest = requireDigest;
        conflicts += 1;
        store.realms.set({
          type: "openid",
          id: "other",
          options: { "issuer-url": "https://o", "client-id": "o" },
        });
        requireDigest.call(this, digest);
      };
      await realm.update({ ...base(), comment: "SSO" });
      assert.equal(conflicts, 1);
      assert.equal((await server.call("GET", path)).comment, "SSO");
      await realm.delete();
      await server.call("DELETE", "/config/access/openid/other");
    });

    test("refuses a realm of somebody else, and a name that a realm of another type has", async () => {
      await server.call("POST", "/config/access/openid", {
        realm: "corp",
        "issuer-url": "https://theirs",
        "client-id": "theirs",
      });
      const before = await server.call("GET", path);
      await assert.rejects((await life()).create(base()), {
        name: "UserError",
        message: /A realm "corp" with client ID "theirs" exists already and was not made by this stack/,
      });
      assert.deepEqual(await server.call("GET", path), before);
      await server.call("DELETE", path);
      const { store } = server.running.node;
      store.realms.set({ type: "ldap", id: "corp", options: { server1: "ldap" } });
      await assert.rejects((await life()).create(base()), /taken by a realm of type ldap/);
      store.realms.delete("corp");
    });

    test("proves by its random values that it created the realm of an interrupted run, and completes it", async () => {
      const given = { ...base(), clientKey: "random", clientProvesOwnership: true };
      await server.call("POST", "/config/access/openid", {
        realm: "corp",
        "issuer-url": given.issuerUrl,
        "client-id": "client",
        "client-key": "random",
        "username-claim": "username",
      });
      const realm = await life();
      await realm.create(given);
      assert.equal((await server.call("GET", path)).autocreate, true);
      await realm.delete();
    });

    test("never deletes a realm of another type with its name", async () => {
      const realm = await life();
      await realm.create(base());
      const { store } = server.running.node;
      store.realms.set({ type: "ldap", id: "corp", options: { server1: "ldap" } });
      await realm.delete();
      assert.ok((await list()).some(({ realm, type }) => realm === "corp" && type === "ldap"));
      store.realms.delete("corp");
    });

    test("deletes its users first, with their permissions, if `usersOnDelete` says so", async () => {
      const [role] = server.product.roles;
      for (const usersOnDelete of ["refuse", "remove"]) {
        const realm = await life();
        await realm.create({ ...base(), usersOnDelete });
        await server.call("POST", "/access/users", { userid: "eve@corp" });
        await server.call("PUT", "/access/acl", { path: "/", role: role ?? "", "auth-id": "eve@corp" });
        if (usersOnDelete === "refuse") {
          await assert.rejects(realm.delete(), /it has users: eve@corp/);
          await realm.update({ ...base(), usersOnDelete: "remove" });
        }
        await realm.delete();
        const left = Object.values(await server.call("GET", "/access/acl")).map(
          (entry) => Object(entry).ugid,
        );
        assert.ok(!left.includes("eve@corp"), "its permission is gone");
        assert.equal(server.running.node.store.users.get("eve@corp"), undefined);
      }
    });

    test("does not delete the realm of the stack's own token", async () => {
      const realm = await life();
      await realm.create({ ...base(), usersOnDelete: "remove" });
      await server.call("POST", "/access/users", { userid: "robot@corp" });
      const { value } = await server.call("POST", "/access/users/robot@corp/token/own");
      for (const id of ["robot@corp", "robot@corp!own"]) {
        const entry = { path: "/access", role: server.product.adminRole, "auth-id": id };
        await server.call("PUT", "/access/acl", entry);
      }
      const own = { [server.product.tokenConfigKey]: `robot@corp!own:${value}` };
      await assert.rejects(
        realm.by(await providerOf(definition, own)).delete(),
        /belongs to one of its users.*a token of a user in another realm/,
      );
      assert.ok(server.running.node.store.users.get("robot@corp"));
      await realm.delete();
    });

    test("shows the client secret in no message, and marks it as a secret output", async () => {
      assert.deepEqual(definition.secrets, ["clientKey"]);
      const realm = await life();
      await assert.rejects(
        realm.create({ ...base(), clientKey: "s3cret-of-the-client", acrValues: "<gold>" }),
        (error: Error) => !error.message.includes("s3cret-of-the-client"),
      );
    });
  });
}
