import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { askForStack } from "../../cli/init/questions";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { AccessControlClient } from "../../providers/accessControl/client";
import { type OtherProduct, otherProducts } from "../../providers/accessControl/products";
import { terminalWith } from "./typist";

const rootPassword = "p4ssword-of-root";
const authentikToken = "t0ken-of-an-administrator";

describe("npm run init sets up Backup Server and Datacenter Manager", {
  concurrency: 1,
  timeout: 60_000,
}, () => {
  let authentik: RunningAuthentik;
  let proxmox: RunningProxmox;
  const other = new Map<string, RunningAccessControl>();

  before(async () => {
    const options = { port: 0, rootPassword, authenticationDelayMs: 0 };
    authentik = await startAuthentik({ profile: "2026.5", bootstrap: { token: authentikToken } });
    proxmox = await startProxmox(options);
    for (const product of ["backup", "datacenter-manager"] as const)
      other.set(product, await startAccessControl({ ...options, product }));
  });
  after(async () => {
    for (const { close } of [authentik, proxmox, ...other.values()]) await close();
  });

  const at = (product: OtherProduct) => {
    const found = other.get(product);
    assert.ok(found);
    return found;
  };
  const flags = (more: Record<string, string>) => ({
    authentik: "existing",
    "authentik-url": authentik.httpUrl,
    "authentik-admin": "",
    "authentik-token": authentikToken,
    ...more,
  });
  const answered = (more: Record<string, string>, clusters: string[] = []) =>
    askForStack(terminalWith([], { flags: flags(more), isScript: true }).terminal, {
      name: "prod",
      clusters,
    });

  it("next to Proxmox VE, by an address after a comma, with two more questions for each", async () => {
    const host = (url: string) => url.replace("https://", "");
    const addresses = [proxmox.url, at("backup").url, at("datacenter-manager").url].map(host);
    const { terminal, assertAllAsked, printed } = terminalWith(
      [
        [/address of a node of Proxmox\? \(after a comma: of a Backup Server/, addresses.join(", ")],
        [/pve-ssl\.pem(.|\n)*Is it that one/, "yes"],
        [/root's password there/, rootPassword],
        [/Certificates of the Backup Server has it(.|\n)*Is it that one/, "yes"],
        [/root's password on the Backup Server/, "wrong"],
        [/Proxmox Backup Server refuses this password of root@pam/, rootPassword],
        [/Certificates of the Datacenter Manager has it(.|\n)*Is it that one/, "yes"],
        [/root's password on the Datacenter Manager/, rootPassword],
        [
          /pve-admins: Administrator on \/, Admin on \/ of backup, Administrator on/,
          "; savers: DatastoreBackup on /datastore of backup, DatastoreReader on /datastore of backup",
        ],
      ],
      { flags: flags({}) },
    );
    const { plain, secret, made } = await askForStack(terminal, { name: "prod" });
    assertAllAsked();
    assert.match(printed(), /Write for example: Admin on \/ of backup/);
    const { proxmoxCa, ...others } = plain;
    assert.equal(proxmoxCa, proxmox.caPem);
    const of = (product: OtherProduct) => {
      const { "clusters.backup.fingerprint": one, "clusters.datacenter-manager.fingerprint": two } = plain;
      return `${product === "backup" ? one : two}`;
    };
    for (const product of ["backup", "datacenter-manager"] as const)
      assert.match(of(product), /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.deepEqual(others, {
      authentikUrl: authentik.httpUrl,
      deployAuthentik: "false",
      "proxmoxAddresses[0]": proxmox.url,
      "clusters.backup.product": "backup",
      "clusters.backup.addresses[0]": at("backup").url,
      "clusters.backup.fingerprint": of("backup"),
      "clusters.datacenter-manager.product": "datacenter-manager",
      "clusters.datacenter-manager.addresses[0]": at("datacenter-manager").url,
      "clusters.datacenter-manager.fingerprint": of("datacenter-manager"),
      'access["pve-admins"]["/"]': "Administrator",
      'access["pve-admins"].backup["/"]': "Admin",
      'access["pve-admins"]["datacenter-manager"]["/"]': "Administrator",
      'access.savers.backup["/datastore"][0]': "DatastoreBackup",
      'access.savers.backup["/datastore"][1]': "DatastoreReader",
      production: "false",
    });
    assert.ok(!JSON.stringify([plain, secret, made, terminal.answers.toKeep]).includes(rootPassword));
    assert.deepEqual(
      made.map(({ what }) => what.replace(/(\n| with a role).*/s, "")),
      [
        'On Proxmox: the user sso-prod@pve and its API token "sso",',
        'On Proxmox Backup Server: the user sso-prod@pbs and its API token "sso",',
        'On Proxmox Datacenter Manager: the user sso-prod@pdm and its API token "sso",',
        "In authentik: the service account proxmox-authentik-sso-prod",
      ],
    );
  });

  for (const [product, role] of [
    ["backup", "Admin"],
    ["datacenter-manager", "Administrator"],
  ] as const) {
    const { name, needs, ownRealm } = otherProducts[product];
    const alone = (more: Record<string, string> = {}) => ({
      proxmox: at(product).url,
      [`proxmox-${product}-fingerprint`]: "yes",
      [`proxmox-${product}-credential`]: rootPassword,
      access: `team: ${role} on /`,
      ...more,
    });

    it(`alone, with a token that may do just what is needed on ${name}`, async () => {
      const { url, node, caPem } = at(product);
      node.store.users.set({ type: "user", id: `sso-prod@${ownRealm}`, options: { comment: "another" } });
      const { plain, made } = await answered(alone());
      assert.equal(
        plain[`access.team${product === "backup" ? ".backup" : '["datacenter-manager"]'}["/"]`],
        role,
      );
      assert.equal(plain[`clusters.${product}.product`], product);
      assert.equal(plain["proxmoxAddresses[0]"], undefined);
      const before = structuredClone([node.store.users.all, node.store.acl.all]);
      const [account] = made;
      const { secret = {}, undo } = (await account?.make()) ?? {};
      const token = secret[`proxmoxToken-${product}`] ?? "";
      assert.match(token, new RegExp(`^sso-prod2@${ownRealm}!sso:`));
      const client = new AccessControlClient(otherProducts[product], {
        url,
        caCertificate: caPem,
        credential: { token, configKey: "" },
      });
      for (const { privilege, path } of needs) assert.ok(await client.may(privilege, path), path);
      assert.deepEqual(
        node.store.acl.all
          .filter(({ id }) => id.startsWith("sso-prod2@"))
          .map(({ path, role, id }) => [path, role, id]),
        [
          ["/access", role, `sso-prod2@${ownRealm}`],
          ["/access", role, `sso-prod2@${ownRealm}!sso`],
        ],
      );
      await undo?.();
      assert.deepEqual([node.store.users.all, node.store.acl.all], before);
    });

    it(`takes back what it made on ${name} where a step fails`, async () => {
      const { node } = at(product);
      const [account] = (await answered(alone())).made;
      const before = structuredClone([node.store.users.all, node.store.acl.all]);
      const { set } = node.store.acl;
      node.store.acl.set = () => {
        node.store.acl.set = set;
        throw new Error("the disk is full");
      };
      await assert.rejects(async () => account?.make());
      assert.deepEqual([node.store.users.all, node.store.acl.all], before);
    });

    it(`with a token of your own for ${name}, which is refused if it may too little`, async () => {
      const { node } = at(product);
      const [account] = (await answered(alone())).made;
      const { secret = {}, undo } = (await account?.make()) ?? {};
      const token = secret[`proxmoxToken-${product}`] ?? "";
      const withToken = alone({ [`proxmox-${product}-credential`]: token });
      const { secret: kept, made } = await answered(withToken);
      assert.equal(kept[`proxmoxToken-${product}`], token);
      assert.ok(!made.some(({ what }) => what.includes(name)));
      const lines = node.store.acl.all;
      node.store.acl.replaceAll(lines.filter(({ id }) => !id.includes("!sso")));
      await assert.rejects(
        answered(withToken),
        /The API token lacks Realm\.Allocate on \/access\/domains(.|\n)*!sso/,
      );
      node.store.acl.replaceAll(lines);
      await undo?.();
      await assert.rejects(answered(withToken), new RegExp(`credential: ${name} refuses this API token`));
      await assert.rejects(
        answered(alone({ [`proxmox-${product}-credential`]: token.replace(/!sso:/, "!sso=") })),
        (error) =>
          error instanceof Error && /`=` before the secret is the form of Proxmox VE/.test(error.message),
      );
    });
  }

  it("as one of --clusters, whose product needs no answer", async () => {
    const { plain } = await answered(
      {
        proxmox: proxmox.url,
        "proxmox-fingerprint": "yes",
        "proxmox-credential": rootPassword,
        "proxmox-vault": at("backup").url,
        "proxmox-vault-fingerprint": "yes",
        "proxmox-vault-credential": rootPassword,
        access: "team: PVEAdmin on /, Audit on / of backup",
      },
      ["vault"],
    );
    assert.equal(plain["clusters.vault.product"], "backup");
  });

  it("and says what is wrong with an answer", async () => {
    const both = {
      proxmox: `${proxmox.url}, ${at("backup").url}`,
      "proxmox-fingerprint": "yes",
      "proxmox-credential": rootPassword,
      "proxmox-backup-fingerprint": "yes",
      "proxmox-backup-credential": rootPassword,
    };
    for (const [more, clusters, says] of [
      [{ proxmox: `${proxmox.url}, ${proxmox.url}` }, [], /--proxmox: Enter one address of each product/],
      [{}, ["backup"], /--proxmox: --clusters has the name "backup" already/],
      [
        { access: "team: PVEAdmin on /" },
        [],
        /Nobody may log in to Backup Server: add for example Admin on \/ of backup/,
      ],
      [
        { access: "team: Admin on / of backup" },
        [],
        /Nobody may log in to Proxmox VE: add for example Administrator on \/ of ve/,
      ],
      [
        { access: "team: PVEAdmin on /, Admin on /vms of backup" },
        [],
        /"\/vms" is not a path that Backup Server accepts/,
      ],
      [
        { access: "team: PVEAdmin on /, PVEAdmin on / of backup" },
        [],
        /Backup Server has no role "PVEAdmin"/,
      ],
      [
        { access: "team: PVEAdmin on /, Admin on / of mail" },
        [],
        /"mail" is not a product\. The products are ve, backup, datacenter-manager/,
      ],
      [
        { access: "team: PVEAdmin on /, Admin on / of backup, Auditor on / of datacenter-manager" },
        [],
        /No address of "datacenter-manager" was given/,
      ],
    ] as const) {
      await assert.rejects(answered({ ...both, ...more }, [...clusters]), says);
    }
  });
});
