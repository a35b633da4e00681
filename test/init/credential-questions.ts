import assert from "node:assert/strict";
import { it } from "node:test";
import { askForStack } from "../../cli/init/questions";
import { hashToken } from "../../lab/proxmox/access/secrets";
import { AuthentikClient } from "../../providers/authentik/client";
import { type Lab, passwordOfAkadmin } from "../doctor/lab";
import { hostOf } from "./init-lab";
import { down, terminalWith } from "./typist";

const lessSecret = "22222222-2222-4333-8444-555555555555";

/** The tests of the questions for credentials, on the lab of questions.test.ts. */
export function credentialQuestions(lab: () => Lab): void {
  it("require an API token if root has a second factor", async () => {
    lab().proxmox.node.secondFactors.add("root@pam");
    const flags = {
      authentik: "docker",
      "authentik-url": "https://auth.example.com",
      proxmox: hostOf(lab().proxmox.url),
      "proxmox-fingerprint": "yes",
      "proxmox-credential": "p4ssword",
    };
    const { terminal } = terminalWith([], { flags, isScript: true });
    await assert.rejects(
      askForStack(terminal, { name: "prod" }),
      /--proxmox-credential: Proxmox asks for a second factor of "root@pam".*use an API token/,
    );
    lab().proxmox.node.secondFactors.clear();
  });

  it("refuse a token with fewer privileges than this access requires", async () => {
    const node = lab().proxmox.node;
    node.store.config.users["less@pve"] = {
      enable: true,
      expire: 0,
      tokens: { sso: { expire: 0, privsep: false, secretHash: hashToken(lessSecret) } },
    };
    const { terminal } = terminalWith([], {
      flags: {
        authentik: "docker",
        "authentik-url": "https://auth.example.com",
        proxmox: hostOf(lab().proxmox.url),
        "proxmox-fingerprint": "yes",
        "proxmox-credential": `less@pve!sso=${lessSecret}`,
        access: "pve-admins: Administrator on /",
      },
      isScript: true,
    });
    await assert.rejects(
      askForStack(terminal, { name: "prod" }),
      /--access: The API token lacks Realm.Allocate on \/access\/realm(.|\n)*pveum role modify/,
    );
  });

  it("accept an administrator's login instead of a token, and store neither it nor more rights than required", async () => {
    const { terminal, assertAllAsked } = terminalWith([
      [/Where does authentik run/, `${down}${down}`],
      [/authentik's address/, lab().authentik.httpUrl],
      [/An administrator's user name/, "akadmin"],
      [/The password of akadmin\? \(it is not kept\)/, "wrong"],
      [/does not let the administrator "akadmin" in: Invalid password/, passwordOfAkadmin],
      [/address of a node/, hostOf(lab().proxmox.url)],
      [/Is it that one/, "yes"],
      [/root's password there/, "p4ssword"],
      [/Which groups of authentik/, ""],
    ]);
    const { plain, secret, made } = await askForStack(terminal, { name: "by-login" });
    assertAllAsked();
    assert.deepEqual(secret, {});
    assert.ok(!JSON.stringify([plain, made, terminal.answers.toKeep]).includes(passwordOfAkadmin));
    const [, account] = made;
    assert.match(account?.what ?? "", /the service account proxmox-authentik-sso-by-login/);
    const token = (await account?.make())?.secret.authentikToken ?? "";
    const own = new AuthentikClient({
      url: lab().authentik.httpUrl,
      token,
      tokenConfigKey: "authentikToken",
    });
    const self = await own.self();
    assert.equal(self.username, "proxmox-authentik-sso-by-login");
    assert.equal(self.is_superuser, false);
    await own.applications.list();
    await assert.rejects(own.tokens.list(), /refuses the API token/);
  });

  it("require a token for a user with a second factor, or without rights", async () => {
    const user = { username: "plain", name: "Plain" };
    const { pk } = await lab().inAuthentik.call("POST", "core/users/", user);
    const flags = {
      authentik: "existing",
      "authentik-url": lab().authentik.httpUrl,
      "authentik-admin": "plain",
      "authentik-password": "p4ssword-of-plain",
    };
    await lab().inAuthentik.call("POST", `core/users/${pk}/set_password/`, {
      password: flags["authentik-password"],
    });
    const ask = () => askForStack(terminalWith([], { flags, isScript: true }).terminal, { name: "prod" });
    await assert.rejects(ask(), /--authentik-password: plain is not an administrator of authentik/);
    const attributes = { "lab/second-factors": ["totp"] };
    await lab().inAuthentik.call("PATCH", `core/users/${pk}/`, { attributes });
    await assert.rejects(
      ask(),
      /asks the administrator "plain" for a second factor: totp .* Give an API token/,
    );
    await lab().inAuthentik.removeUser("plain");
  });
}
