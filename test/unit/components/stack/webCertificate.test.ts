import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AuthentikStack } from "../../../../components/authentikStack";
import { ProxmoxAuthentikSso } from "../../../../components/proxmoxAuthentikSso";
import { companyCa } from "../../config/certificates";
import { productionArgs } from "./planned";

const certificate = "web-certificate";
const proof = "sso-proof";

/** The names of the resources in the order of their registration. `meet` can hold one of them. */
async function registered(meet: (name: string, soFar: readonly string[]) => Promise<void> | void) {
  const names: string[] = [];
  const newResource = async ({ name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
    names.push(name);
    await meet(name, names);
    return { id: id ?? `${name}-id`, state: { ...inputs, serialNumber: "4711", revision: "1" } };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "sso", "prod", true);
  try {
    const { certificate: caCertificate } = companyCa;
    const authentik = new AuthentikStack("authentik", {
      ...productionArgs,
      tls: { caCertificate, caKeyConfigKey: "tlsCaKey" },
    });
    new ProxmoxAuthentikSso("sso", {
      authentik,
      proxmox: { addresses: ["https://pve.example.com:8006"] },
      access: { "pve-admins": { "/": "Administrator" } },
    });
  } finally {
    await pulumi.runtime.disconnect();
  }
  return names;
}

suite("the wait for authentik to serve its web certificate", { timeout: 30_000 }, () => {
  test("delays only the proof of login", async () => {
    const all = await registered(() => {});
    assert.ok(all.includes(certificate) && all.includes(proof), all.join());
    let complete = () => {};
    const others = new Promise<void>((resolve) => {
      complete = resolve;
    });
    let seen: readonly string[] = [];
    await registered(async (name, soFar) => {
      if (soFar.length === all.length - 1) complete();
      if (name !== certificate) return;
      await others;
      seen = [...soFar];
    });
    assert.deepEqual(
      all.filter((name) => !seen.includes(name)),
      [proof],
    );
  });
});
