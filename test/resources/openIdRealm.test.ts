import assert from "node:assert/strict";
import { test } from "node:test";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { Life } from "./life";
import { ProxmoxSimulator, providerOf } from "./simulators";
import { type InputCase, testEachInput } from "./table";

for (const release of ["9.2", "7.4"]) {
  const proxmox = new ProxmoxSimulator(release);
  const path = "/access/domains/corp";
  const put = (option: string, value: string) => () => proxmox.call("PUT", path, { [option]: value });

  /** Created again by hand, because the API cannot change it. */
  async function otherUsernameClaim() {
    await proxmox.call("DELETE", path);
    await proxmox.call("POST", "/access/domains", {
      realm: "corp",
      type: "openid",
      "issuer-url": "https://auth.example.com/application/o/proxmox/",
      "client-id": "client",
      "username-claim": "email",
      autocreate: "1",
    });
  }

  const since84: Record<string, { to: unknown; version: string; case: InputCase }> = {
    groupsClaim: {
      to: "groups",
      version: "8.4",
      case: { to: "groups", drift: put("groups-claim", "roles") },
    },
    groupsAutocreate: { to: true, version: "8.4", case: { to: true, drift: put("groups-autocreate", "1") } },
    groupsOverwrite: { to: true, version: "8.4", case: { to: true, drift: put("groups-overwrite", "1") } },
    queryUserinfo: { to: false, version: "8.4", case: { to: false, drift: put("query-userinfo", "0") } },
    audiences: { to: "api", version: "9.2", case: { to: "api", drift: put("audiences", "other") } },
  };
  const isNew = release === "9.2";

  testEachInput({
    title: `OpenIdRealm on Proxmox VE ${release}`,
    definition: openIdRealmDefinition,
    base: () => ({
      proxmox: proxmox.connection,
      realm: "corp",
      issuerUrl: "https://auth.example.com/application/o/proxmox/",
      clientId: "client",
    }),
    async onServer() {
      const { digest: _, ...options } = await proxmox.call("GET", path);
      return options;
    },
    inputs: {
      // The same CA in another spelling.
      proxmox: {
        to: () => ({ ...proxmox.connection, caCertificate: `${proxmox.connection.caCertificate}\n` }),
        onlyHere: true,
      },
      realm: { to: "corp2", shows: "replace" },
      issuerUrl: {
        to: "https://login.example.com/application/o/pve/",
        drift: put("issuer-url", "https://x/"),
      },
      clientId: { to: "other", drift: put("client-id", "x") },
      clientKey: { to: "other", drift: put("client-key", "x") },
      usernameClaim: { to: "email", shows: "replace", drift: otherUsernameClaim },
      autocreate: { to: false, drift: put("autocreate", "0") },
      default: { to: true, drift: put("default", "1") },
      comment: { to: "Log in with authentik", drift: put("comment", "x") },
      scopes: { to: "email profile groups", drift: put("scopes", "email") },
      prompt: { to: "login", drift: put("prompt", "consent") },
      acrValues: { to: "gold", drift: put("acr-values", "silver") },
      usersOnDelete: { to: "remove", onlyHere: true },
      clientProvesOwnership: { to: true, onlyHere: true },
      clientIdProvesOwnership: { to: true, shows: "nothing" },
      adopt: { to: true, shows: "nothing" },
      ...(isNew && Object.fromEntries(Object.entries(since84).map(([key, value]) => [key, value.case]))),
    },
    lacking: isNew ? {} : since84,
  });

  test(`another realm becomes the default while ours is created on Proxmox VE ${release}`, async () => {
    const create: typeof openIdRealmDefinition.create = async (client, wanted) => {
      await openIdRealmDefinition.create(client, wanted);
      await proxmox.call("PUT", path, { default: "1" });
      return client.realm(wanted.realm);
    };
    const life = new Life(await providerOf({ ...openIdRealmDefinition, create }));
    const wanted = {
      proxmox: proxmox.connection,
      realm: "second",
      issuerUrl: "https://auth.example.com/application/o/second/",
      clientId: "client of the second",
      default: true,
    };
    await proxmox.call("POST", "/access/domains", {
      realm: "corp",
      type: "openid",
      "issuer-url": "https://auth.example.com/application/o/proxmox/",
      "client-id": "client",
    });
    await life.create(wanted);
    const { default: isDefault } = await life.refresh();
    assert.equal(isDefault, false, "a refresh shows that another realm has it");
  });

  test(`the version of Proxmox VE ${release} is requested once in this process`, () => {
    const asked = proxmox.requests.filter((request) => request === "GET /api2/json/version");
    assert.equal(asked.length, 1);
  });
}
