import assert from "node:assert/strict";
import { test } from "node:test";
import { groupDefinition } from "../../providers/proxmox/group";
import { Life } from "./life";
import { ProxmoxSimulator, providerOf } from "./simulators";
import { testEachInput } from "./table";

for (const release of ["9.2", "7.4"]) {
  const proxmox = new ProxmoxSimulator(release);
  const path = "/access/groups/admins";
  const put = (comment: string) => () => proxmox.call("PUT", path, { comment });
  const base = () => ({ proxmox: proxmox.connection, group: "admins" });

  testEachInput({
    title: `Group on Proxmox VE ${release}`,
    definition: groupDefinition,
    base,
    foundBy: ["group"],
    onServer: ({ group }) => proxmox.call("GET", `/access/groups/${group}`),
    inputs: {
      proxmox: {
        to: () => ({ ...proxmox.connection, caCertificate: `${proxmox.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      group: { to: "admins-2", shows: "replace" },
      comment: { to: "Administrators", drift: put("x") },
      ownershipMark: { to: "0123456789abcdef", endsProof: true },
      adopt: { to: true, shows: "nothing" },
    },
  });

  test(`a group of Proxmox VE ${release} keeps its members through updates`, async () => {
    const life = new Life(await providerOf(groupDefinition));
    await life.create(base());
    await proxmox.call("POST", "/access/users", { userid: "alice@authentik", groups: "admins" });
    await life.update({ ...base(), comment: "Administrators" });
    assert.deepEqual((await proxmox.call("GET", path)).members, ["alice@authentik"]);
    await life.delete();
    await proxmox.call("DELETE", "/access/users/alice@authentik");
  });

  test(`an existing group of Proxmox VE ${release} is ours only with our mark or by adoption`, async () => {
    const ours = { ...base(), comment: "Administrators", ownershipMark: "0123456789abcdef" };
    const life = new Life(await providerOf(groupDefinition));
    await life.create(ours);

    const refused =
      /A group "admins" \(Administrators\) exists already and was not made by this stack.*adopt: true/;
    for (const mark of [undefined, "another-random-value"]) {
      await assert.rejects(life.createAgain({ ...ours, ownershipMark: mark }), {
        name: "UserError",
        message: refused,
      });
    }
    await life.createAgain({ ...ours, comment: "After a crash" });
    await life.createAgain({ ...base(), comment: "Adopted", adopt: true });
    assert.equal((await proxmox.call("GET", path)).comment, "Adopted");
    await life.delete();
  });

  test(`a group of Proxmox VE ${release} without the mark counts as gone, and stays unchanged`, async (context) => {
    const log = context.mock.method(console, "log", () => {});
    const ours = { ...base(), ownershipMark: "0123456789abcdef" };
    for (const comment of ["x [proxmox-authentik-sso somebody-elses]", "edited by hand"]) {
      const life = new Life(await providerOf(groupDefinition));
      await life.create(ours);
      await put(comment)();
      await assert.rejects(life.refresh(), /the object is gone/);
      await life.delete();
      assert.equal((await proxmox.call("GET", path)).comment, comment);
      await assert.rejects(life.update({ ...ours, comment: "new" }), /was not made by this stack/);
      await proxmox.call("DELETE", path);
    }
    assert.match(
      String(log.mock.calls[0]?.arguments[0]),
      /has another Proxmox group "admins", which this stack did not create/,
    );
  });

  test(`the fix for a group of Proxmox VE ${release} whose comment was edited works`, async () => {
    const ours = { ...base(), comment: "it's ours", ownershipMark: "0123456789abcdef" };
    const life = new Life(await providerOf(groupDefinition));
    await life.create(ours);
    await put("edited by hand")();
    const message = await life.createAgain(ours).then(
      () => "",
      (error: Error) => error.message,
    );
    const [, comment = ""] = /pveum group modify admins --comment '(.*?)'\. Otherwise/.exec(message) ?? [];
    await put(comment.replaceAll("'\\''", "'"))();
    await life.createAgain(ours);
    await life.delete();
  });
}

test("a name that Proxmox refuses is refused at preview, with a valid suggestion", async () => {
  const provider = await providerOf(groupDefinition);
  const proxmox = { url: "https://pve.example.com:8006" };
  const reasonOf = async (group: string) =>
    (await provider.check({}, { proxmox, group })).failures?.map(({ reason }) => reason).join();
  assert.match(
    (await reasonOf("authentik Admins")) ?? "",
    /but is "authentik Admins"; "authentik-Admins" would do/,
  );
  assert.match((await reasonOf("Größe/ä")) ?? "", /"Gro-e-a" would do/);
  assert.match((await reasonOf("管理者")) ?? "", /but is "管理者"$/);
});
