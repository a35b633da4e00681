import assert from "node:assert/strict";
import { test } from "node:test";
import { userDefinition } from "../../providers/proxmox/user";
import { Life } from "./life";
import { type Properties, ProxmoxSimulator, providerOf } from "./simulators";
import { testEachInput } from "./table";

for (const release of ["9.2", "7.4"]) {
  const proxmox = new ProxmoxSimulator(release);
  const path = "/access/users/alice@authentik";
  const put = (option: string, value: string) => () => proxmox.call("PUT", path, { [option]: value });
  const base = () => ({ proxmox: proxmox.connection, userId: "alice@authentik", groups: [] as string[] });

  let prepared: Promise<unknown> | undefined;
  const prepare = async () => {
    prepared ??= (async () => {
      for (const groupid of ["admins", "users"]) await proxmox.call("POST", "/access/groups", { groupid });
    })();
    await prepared;
  };

  testEachInput({
    title: `User on Proxmox VE ${release}`,
    definition: userDefinition,
    base,
    prepare,
    foundBy: ["userId"],
    onServer: ({ userId }) => proxmox.call("GET", `/access/users/${userId}`),
    inputs: {
      proxmox: {
        to: () => ({ ...proxmox.connection, caCertificate: `${proxmox.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      userId: { to: "bob@authentik", shows: "replace" },
      groups: { to: ["users", "admins"], drift: put("groups", "users") },
      enabled: { to: false, drift: put("enable", "0") },
      expires: { to: "2030-01-01", drift: put("expire", "1893456000") },
      comment: { to: "Alice from accounting", drift: put("comment", "x") },
      email: { to: "alice@example.com", drift: put("email", "x@example.com") },
      firstName: { to: "Alice", drift: put("firstname", "x") },
      lastName: { to: "Doe", drift: put("lastname", "x") },
      ownershipMark: { to: "0123456789abcdef", endsProof: true },
      groupRevisions: { to: ["2020-01-01T00:00:00.000Z"], shows: "nothing" },
      adopt: { to: true, shows: "nothing" },
    },
  });

  test(`Proxmox VE ${release}: groups that are not given stay unchanged`, async () => {
    await prepare();
    const life = new Life(await providerOf(userDefinition));
    const { groups: _, ...given } = base();
    await life.create(given);
    await put("groups", "users")();
    await life.refresh();
    assert.equal(await life.preview(given), "nothing");
    await life.update({ ...given, comment: "Alice" });
    assert.deepEqual((await proxmox.call("GET", path)).groups, ["users"]);
    await life.delete();
  });

  test(`Proxmox VE ${release}: an expiry is one point in time, however it is written`, async () => {
    const life = new Life(await providerOf(userDefinition));
    await life.create({ ...base(), expires: "2030-01-01T02:00:00+02:00" });
    assert.equal((await proxmox.call("GET", path)).expire, 1893456000);
    assert.equal(await life.preview({ ...base(), expires: "2030-01-01" }), "nothing");
    await life.delete();
  });

  test(`an existing user of Proxmox VE ${release} is ours only with our mark or by adoption`, async () => {
    const ours = { ...base(), comment: "Alice", ownershipMark: "0123456789abcdef" };
    const life = new Life(await providerOf(userDefinition));
    await life.create(ours);
    await assert.rejects(life.createAgain(base()), {
      name: "UserError",
      message: /A user "alice@authentik" exists already .*adopt: true/,
    });
    await life.createAgain({ ...ours, enabled: false });
    await life.createAgain({ ...base(), adopt: true });
    assert.equal((await proxmox.call("GET", path)).comment, undefined);
    await life.delete();
  });

  test(`Proxmox VE ${release}: an unknown group is refused, with a list of the existing ones`, async () => {
    await prepare();
    const life = new Life(await providerOf(userDefinition));
    const refusal = { name: "UserError", message: /no such group 'nosuch'\. It has admins, users\./ };
    await assert.rejects(life.create({ ...base(), groups: ["nosuch"] }), refusal);
    await life.create(base());
    await assert.rejects(life.update({ ...base(), groups: ["nosuch"] }), refusal);
    await life.delete();
  });

  test(`Proxmox VE ${release}: a user that the token cannot read is not treated as gone`, async () => {
    const life = new Life(await providerOf(userDefinition));
    await life.create(base());
    await proxmox.call("POST", "/access/users", { userid: "blind@pve" });
    const proxmoxToken = await proxmox.tokenOf("blind@pve");
    const blind = life.by(await providerOf(userDefinition, { proxmoxToken }));
    await assert.rejects(blind.refresh(), { name: "UserError", message: /Permission check failed/ });
    await proxmox.call("DELETE", "/access/users/blind@pve");
    await life.delete();
    await assert.rejects(life.refresh(), /the object is gone/);
  });
}

test("users that could not log in are refused at preview", async () => {
  const provider = await providerOf(userDefinition);
  const proxmox = { url: "https://pve.example.com:8006" };
  const reason = async (given: Properties) =>
    (await provider.check({}, { proxmox, userId: "alice@authentik", ...given })).failures
      ?.map((failure) => failure.reason)
      .join();
  for (const userId of ["alice", "a b@authentik", "a/b@authentik", "a:b@authentik", "jürgen@authentik"]) {
    assert.match((await reason({ userId })) ?? "", /must be name@realm, .* no space, `\/` or `:`/, userId);
  }
  assert.match((await reason({ userId: `${"x".repeat(60)}@corp` })) ?? "", /at most 64 characters/);
  assert.match((await reason({ expires: "tomorrow" })) ?? "", /must be a day or a time/);
  assert.equal(await reason({ userId: "a@b.example@authentik", email: "a@b.example" }), "");
});
