import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { aclDefinition as ofBackupServer } from "../../providers/backupServer/acl";
import { Claims } from "../../providers/core/claims";
import { aclDefinition as ofDatacenterManager } from "../../providers/datacenterManager/acl";
import { AccessControlSimulator, bothProducts } from "./access-control-simulator";
import { Life } from "./life";
import { providerOf } from "./simulators";
import { testEachInput } from "./table";

const definitions = { backup: ofBackupServer, "datacenter-manager": ofDatacenterManager };
const words = {
  backup: { path: "/datastore", other: "/datastore/store1/ns", role: "Audit", otherRole: "DatastoreReader" },
  "datacenter-manager": {
    path: "/resource",
    other: "/resource/pve1",
    role: "Auditor",
    otherRole: "Administrator",
  },
};

for (const kind of bothProducts) {
  const server = new AccessControlSimulator(kind);
  const definition = definitions[kind];
  const { path, other, role, otherRole } = words[kind];
  const put = (parameters: Record<string, string>) => () =>
    server.call("PUT", "/access/acl", { path, role, "auth-id": "alice@corp", ...parameters });
  const base = () => ({ proxmox: server.connection, path, role, users: ["alice@corp"] });

  let prepared: Promise<void> | undefined;
  const prepare = async () => {
    prepared ??= (async () => {
      await server.call("POST", "/config/access/openid", {
        realm: "corp",
        "issuer-url": "https://auth.example.com/",
        "client-id": "client",
      });
      for (const userid of ["alice@corp", "bob@corp"]) {
        await server.call("POST", "/access/users", { userid });
      }
      await server.call("POST", "/access/users/alice@corp/token/ci");
    })();
    await prepared;
  };

  async function entries(): Promise<string[]> {
    return Object.values(await server.call("GET", "/access/acl"))
      .map(Object)
      .filter(({ ugid }) => ugid !== "root@pam!test")
      .map(
        ({ path, roleid, ugid, propagate }) => `${roleid} on ${path} for ${ugid}${propagate ? "" : " only"}`,
      )
      .sort();
  }

  testEachInput({
    title: `Acl on ${server.product.name}`,
    definition,
    credentials: server.credentials,
    base,
    prepare,
    onServer: async () => ({ entries: await entries() }),
    inputs: {
      proxmox: {
        to: () => ({ ...server.connection, caCertificate: `${server.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      path: { to: other, endsProof: true },
      role: { to: otherRole, endsProof: true },
      users: {
        to: ["alice@corp", "bob@corp"],
      },
      tokens: { to: ["alice@corp!ci"] },
      propagate: { to: false, drift: put({ propagate: "0" }) },
      userRevisions: { to: ["2020-01-01T00:00:00.000Z"], shows: "nothing" },
      subjectsProveOwnership: { to: true, onlyHere: true },
      adopt: { to: true, shows: "nothing" },
    },
  });

  suite(`Acl on ${server.product.name}: more cases`, () => {
    const life = async () => {
      await prepare();
      return new Life(await providerOf(definition, server.credentials));
    };

    /** Two resources of one program. */
    const sharedRun = async () => {
      const claims = new Claims();
      const providers = await Promise.all(
        [1, 2].map(() => providerOf(definition, server.credentials, claims)),
      );
      return providers.map((provider) => new Life(provider));
    };

    test("keeps entries of others, and restores ours if somebody removes them", async () => {
      await prepare();
      await put({ "auth-id": "bob@corp" })();
      const acl = await life();
      await acl.create({ ...base(), users: ["alice@corp"], tokens: ["alice@corp!ci"] });
      await put({ delete: "1" })();
      await acl.refresh();
      assert.equal(await acl.preview({ ...base(), tokens: ["alice@corp!ci"] }), "update");
      await acl.update({ ...base(), tokens: ["alice@corp!ci"] });
      assert.deepEqual(await entries(), [
        `${role} on ${path} for alice@corp`,
        `${role} on ${path} for alice@corp!ci`,
        `${role} on ${path} for bob@corp`,
      ]);
      await acl.delete();
      assert.deepEqual(await entries(), [`${role} on ${path} for bob@corp`]);
      await put({ "auth-id": "bob@corp", delete: "1" })();
    });

    test("refuses an entry of somebody else, and takes it over with `adopt`", async () => {
      await prepare();
      await put({})();
      await assert.rejects((await life()).create(base()), /exists already and was not made by this stack/);
      const acl = await life();
      await acl.create({ ...base(), propagate: false, adopt: true });
      assert.deepEqual(await entries(), [`${role} on ${path} for alice@corp only`]);
      await acl.delete();
    });

    test("grants the permission again after its user was replaced", async () => {
      const acl = await life();
      await acl.create(base());
      const { store } = server.running.node;
      store.acl.remove((line) => line.id === "alice@corp");
      const given = { ...base(), userRevisions: ["9999-01-01T00:00:00.000Z"] };
      assert.equal(await acl.preview(given), "update");
      await acl.update(given);
      assert.deepEqual(await entries(), [`${role} on ${path} for alice@corp`]);
      await acl.delete();
    });

    test("with an empty list creates and changes nothing, and without the proof refuses an empty list", async () => {
      const acl = await life();
      const nobody = { ...base(), users: [], subjectsProveOwnership: true };
      await acl.create(nobody);
      assert.deepEqual(await entries(), []);
      await acl.refresh();
      assert.equal(await acl.preview(nobody), "nothing");
      await acl.update({ ...nobody, users: ["bob@corp"] });
      assert.deepEqual(await entries(), [`${role} on ${path} for bob@corp`]);
      await acl.update(nobody);
      assert.deepEqual(await entries(), []);
      await acl.delete();
      const { failures } = await (await providerOf(definition)).check({}, { ...base(), users: [] });
      assert.match(failures?.[0]?.reason ?? "", /name at least one/);
    });

    const having = (propagate: boolean, ...users: string[]) => ({
      ...base(),
      users,
      propagate,
      subjectsProveOwnership: true,
    });

    test("keeps an entry that moves to a wider resource of the same program", async () => {
      await prepare();
      const [wide, only] = await sharedRun();
      assert.ok(wide && only);
      await wide.create(having(true));
      await only.create(having(false, "alice@corp", "bob@corp"));
      const wanted = [having(true, "alice@corp"), having(false, "bob@corp")] as const;
      await wide.preview(wanted[0]);
      await wide.update(wanted[0]);
      // The engine compares the second one after it has written the first one.
      await only.preview(wanted[1]);
      await only.update(wanted[1]);
      assert.deepEqual(await entries(), [
        `${role} on ${path} for alice@corp`,
        `${role} on ${path} for bob@corp only`,
      ]);
      await wide.delete();
      await only.delete();
    });

    test("gives an entry to a new resource of the same program", async () => {
      await prepare();
      const [wide, only] = await sharedRun();
      assert.ok(wide && only);
      const earlier = await life();
      await earlier.create(having(true, "alice@corp", "bob@corp"));
      wide.state = earlier.state;
      await wide.preview(having(true, "alice@corp"));
      await only.create(having(false, "bob@corp"));
      await wide.update(having(true, "alice@corp"));
      assert.deepEqual(await entries(), [
        `${role} on ${path} for alice@corp`,
        `${role} on ${path} for bob@corp only`,
      ]);
      await wide.delete();
      await only.delete();
    });

    test("names a missing subject, with the fix", async () => {
      const given = { ...base(), users: ["nobody@corp"] };
      await assert.rejects((await life()).create(given), /"nobody@corp" must exist first/);
      assert.deepEqual(await entries(), []);
    });

    test("does not treat permissions as gone if the token cannot read them", async () => {
      const acl = await life();
      await acl.create(base());
      const { store } = server.running.node;
      const all = store.acl.all;
      store.acl.remove((line) => line.id === "root@pam!test");
      await assert.rejects(
        acl.refresh(),
        /may not see the permissions.*It needs the role.*for the user and for the token/,
      );
      store.acl.replaceAll(all);
      await acl.refresh();
      await acl.delete();
    });

    for (const [what, given, reason] of [
      ["a path of another product", { path: "/vms" }, /not a path that .* accepts in a permission/],
      [
        "a role of another product",
        { role: "PVEAdmin" },
        /has no role "PVEAdmin", and custom roles do not exist/,
      ],
      ["nobody", { users: [] }, /name at least one/],
    ] as const) {
      test(`refuses ${what} at preview`, async () => {
        const { failures } = await (await providerOf(definition)).check({}, { ...base(), ...given });
        assert.match(failures?.[0]?.reason ?? "", reason);
      });
    }
  });
}
