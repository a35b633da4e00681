import assert from "node:assert/strict";
import { test } from "node:test";
import { newStackFrom } from "../../../cli/init/new-stack";
import { addressesOf, proxmoxAddress } from "../../../cli/init/proxmox";
import { grantsFor } from "../../../cli/init/proxmox-account";

test("init accepts a name without a scheme as the address of a node", () => {
  assert.equal(proxmoxAddress("pve1.example.com"), "https://pve1.example.com:8006");
  assert.equal(proxmoxAddress("192.0.2.7:443/"), "https://192.0.2.7");
  assert.equal(proxmoxAddress("2001:db8::7"), "https://[2001:db8::7]:8006");
  assert.equal(proxmoxAddress("https://pve1.example.com:8006"), "https://pve1.example.com:8006");
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
