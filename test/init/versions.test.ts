import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { askForStack } from "../../cli/init/questions";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { releases } from "../../lab/proxmox/versions";
import { ProxmoxClient } from "../../providers/proxmox/client";
import { terminalWith } from "./typist";

const rootPassword = "p4ssword-of-root";
const authentikToken = "t0ken-of-an-administrator";

describe("npm run init creates its token with only the required privileges", {
  timeout: 120_000,
}, () => {
  let authentik: RunningAuthentik;
  let proxmox: RunningProxmox | undefined;
  before(async () => {
    authentik = await startAuthentik({ profile: "2026.5", bootstrap: { token: authentikToken } });
  });
  after(() => authentik.close());

  for (const release of releases) {
    it(`on Proxmox VE ${release}`, async (t) => {
      proxmox = await startProxmox({ port: 0, release, rootPassword, authenticationDelayMs: 0 });
      const { url, caPem, node } = proxmox;
      t.after(() => proxmox?.close());
      // Existing objects stay unchanged.
      node.store.config.roles.SsoGrant = ["Sys.Audit"];
      node.store.config.users["sso-prod@pve"] = { enable: true, expire: 0, tokens: {} };
      const flags = {
        authentik: "existing",
        "authentik-url": authentik.httpUrl,
        "authentik-token": authentikToken,
        proxmox: url,
        "proxmox-fingerprint": "yes",
        "proxmox-credential": rootPassword,
        access: "pve-users: PVEVMUser on /vms, PVEAuditor on /storage/local",
      };
      const { terminal } = terminalWith([], { flags, isScript: true });
      const { plain, made } = await askForStack(terminal, { name: "prod" });
      assert.equal(plain.proxmoxCa, caPem);
      const [account] = made;
      assert.ok(account);
      assert.match(account.what, /sso-prod2@pve .*SsoSetup .*SsoGrant2/s);
      const { secret, undo } = await account.make();
      const token = secret.proxmoxToken ?? "";
      const credential = { token, configKey: "proxmoxToken" };
      const client = new ProxmoxClient({ url, caCertificate: caPem, credential });
      const on = async (path: string) => (await client.privilegesOn(path)).sort();
      assert.deepEqual(await on("/access/realm"), [
        "Group.Allocate",
        "Realm.Allocate",
        "Realm.AllocateUser",
        "Sys.Audit",
        "User.Modify",
      ]);
      assert.deepEqual(await on("/vms"), ["Permissions.Modify"]);
      assert.deepEqual(await on("/storage/local"), ["Permissions.Modify"]);
      assert.deepEqual(await on("/"), []);
      assert.deepEqual(await on("/nodes"), []);
      assert.deepEqual(node.store.config.roles.SsoGrant, ["Sys.Audit"]);
      await undo();
      assert.deepEqual(Object.keys(node.store.config.roles), ["SsoGrant"]);
      assert.ok(!("sso-prod2@pve" in node.store.config.users));
    });
  }
});

for (const profile of ["2025.10", "2026.5", "2026.8"] as const) {
  it(`npm run init creates its own account with an administrator's token on authentik ${profile}`, async (t) => {
    const authentik = await startAuthentik({ profile, bootstrap: { token: authentikToken } });
    t.after(() => authentik.close());
    const proxmox = await startProxmox({ port: 0, rootPassword, authenticationDelayMs: 0 });
    t.after(() => proxmox.close());
    const flags = {
      authentik: "existing",
      "authentik-url": authentik.httpUrl,
      "authentik-token": authentikToken,
      proxmox: proxmox.url,
      "proxmox-fingerprint": "yes",
      "proxmox-credential": rootPassword,
      access: "everyone",
    };
    const { made } = await askForStack(terminalWith([], { flags, isScript: true }).terminal, {
      name: "prod",
    });
    const [, account] = made;
    assert.ok(account);
    const { secret } = await account.make();
    assert.match(secret.authentikToken ?? "", /^\w{20,}$/);
    assert.notEqual(secret.authentikToken, authentikToken);
    const wrong = terminalWith([], { flags: { ...flags, "authentik-token": "wrong" }, isScript: true });
    await assert.rejects(askForStack(wrong.terminal, { name: "prod" }), /--authentik-token: .*refuses/);
  });
}
