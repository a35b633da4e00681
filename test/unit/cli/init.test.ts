import assert from "node:assert/strict";
import { test } from "node:test";
import { findProxmox, proxmoxAddress } from "../../../cli/init/address";
import { newStackFrom } from "../../../cli/init/new-stack";
import { addressesOf } from "../../../cli/init/proxmox";
import { grantsFor } from "../../../cli/init/proxmox-account";
import { terminalWith } from "../../init/typist";

test("init accepts a name without a scheme as the address of a node", () => {
  assert.equal(proxmoxAddress("pve1.example.com"), "https://pve1.example.com:8006");
  assert.equal(proxmoxAddress("192.0.2.7:443/"), "https://192.0.2.7");
  assert.equal(proxmoxAddress("2001:db8::7"), "https://[2001:db8::7]:8006");
  assert.equal(proxmoxAddress("[2001:db8::7]"), "https://[2001:db8::7]:8006");
  assert.equal(proxmoxAddress("https://pve1.example.com:8006"), "https://pve1.example.com:8006");
  assert.equal(
    proxmoxAddress("https://PVE1.example.com:8006/#v1:0:18:4:::::::"),
    "https://pve1.example.com:8006",
  );
  assert.throws(() => proxmoxAddress("http://pve1.example.com:8006"), /only served over https/);
});

test("init keeps the spaces of a password, and none of an address", async () => {
  const { terminal } = terminalWith([
    [/password/, " p4ss word "],
    [/address/, " pve1.example.com "],
  ]);
  assert.equal(await terminal.secret({ message: "root's password?" }), " p4ss word ");
  assert.equal(await terminal.text({ message: "The address?" }), "pve1.example.com");
});

test("init looks for each product at its usual port behind a name alone, for Proxmox VE first", async () => {
  const asked: string[] = [];
  const servers = new Map<string, "ve" | "backup" | "datacenter-manager">([
    ["https://both.example.com:8006", "ve"],
    ["https://both.example.com:8007", "backup"],
    ["https://pbs.example.com:8007", "backup"],
    ["https://pdm.example.com:8443", "datacenter-manager"],
  ]);
  const reach = async (url: string) => {
    asked.push(url);
    const product = servers.get(url);
    if (product === undefined) throw new Error(`nothing at ${url}`);
    return { url, unknown: undefined, product };
  };
  const found = async (typed: string) => (await findProxmox(typed, reach)).url;
  assert.equal(await found("both.example.com"), "https://both.example.com:8006");
  assert.deepEqual(asked, ["https://both.example.com:8006"]);
  assert.equal(await found("both.example.com:8007"), "https://both.example.com:8007");
  assert.equal(await found("pbs.example.com"), "https://pbs.example.com:8007");
  assert.equal(await found("pdm.example.com"), "https://pdm.example.com:8443");
  await assert.rejects(found("no.example.com"), /nothing at https:\/\/no\.example\.com:8006/);
  asked.length = 0;
  await assert.rejects(found("https://pbs.example.com"), /nothing at https:\/\/pbs\.example\.com$/);
  assert.deepEqual(asked, ["https://pbs.example.com"]);
});

test("init suggests the other nodes of a cluster by name or by address, like the first one", () => {
  const members = ["pve1", "pve2"].map((name, index) => ({
    type: "node" as const,
    name,
    ip: `192.0.2.${index + 1}`,
  }));
  assert.deepEqual(addressesOf("https://pve1.example.com:8006", members), [
    "https://pve1.example.com:8006",
    "https://pve2.example.com:8006",
  ]);
  assert.deepEqual(addressesOf("https://192.0.2.1:8006", members), [
    "https://192.0.2.1:8006",
    "https://192.0.2.2:8006",
  ]);
  assert.deepEqual(addressesOf("https://pve1.example.com:8006", members.slice(0, 1)), [
    "https://pve1.example.com:8006",
  ]);
});

test("init gives the token only the privileges that this access needs", () => {
  const setup = {
    role: "SsoSetup",
    privileges: ["Group.Allocate", "Realm.Allocate", "Realm.AllocateUser", "Sys.Audit", "User.Modify"],
    path: "/access",
  };
  const grantOn = (path: string) => ({ role: "SsoGrant", privileges: ["Permissions.Modify"], path });
  assert.deepEqual(grantsFor("authentik", ["/", "/vms"]), [setup, grantOn("/")]);
  assert.deepEqual(grantsFor("authentik", ["/vms", "/pool/x"]), [setup, grantOn("/vms"), grantOn("/pool/x")]);
});

for (const key of ["proxmoxToken", "proxmoxToken-berlin", "pulumi-nodejs:testPassword", "clientSecret"]) {
  test(`init accepts no argument for the secret ${key}`, () => {
    assert.throws(
      () => newStackFrom({ set: [`${key}=the-secret-itself`] }),
      (error) =>
        error instanceof Error &&
        /--secret-env/.test(error.message) &&
        !/the-secret-itself/.test(error.message),
    );
  });
}
