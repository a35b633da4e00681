import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { assertUnchanged, useEngine } from "./harness";
import { complete, type JsonObject, type Servers } from "./servers";

/** A change behind our back. The object shows in the refresh under its Pulumi name. */
interface Drift {
  title: string;
  shownAt: string;
  make(servers: Servers): Promise<unknown>;
}

const realm = (parameters: Record<string, string>) => (servers: Servers) =>
  servers.inProxmox("PUT", "/access/domains/authentik", parameters);

const provider = (change: (provider: JsonObject) => JsonObject) => async (servers: Servers) => {
  const current = await servers.provider();
  await servers.inAuthentik("PATCH", `providers/oauth2/${current.pk}/`, change(current));
};

const application = (change: JsonObject) => (servers: Servers) =>
  servers.inAuthentik("PATCH", "core/applications/proxmox/", change);

/** Each round is seen by one refresh and mended by one up. */
const rounds: Drift[][] = [
  [
    {
      title: "the redirect URI emptied",
      shownAt: "sso-provider",
      make: provider(() => ({ redirect_uris: [] })),
    },
    { title: "the application renamed", shownAt: "sso-application", make: application({ name: "Renamed" }) },
    { title: "the realm's comment changed", shownAt: "sso-realm", make: realm({ comment: "by hand" }) },
  ],
  [
    {
      title: "the signing key taken away",
      shownAt: "sso-provider",
      make: provider(() => ({ signing_key: null })),
    },
    { title: "the realm's autocreate off", shownAt: "sso-realm", make: realm({ autocreate: "0" }) },
    {
      title: "the application's group changed",
      shownAt: "sso-application",
      make: application({ group: "Infra" }),
    },
  ],
  [
    {
      title: "a scope mapping removed and the secret changed in authentik",
      shownAt: "sso-provider",
      make: provider(({ property_mappings }) => ({
        property_mappings: Array.isArray(property_mappings) ? property_mappings.slice(1) : [],
        client_secret: "changed-in-authentik",
      })),
    },
    {
      title: "the client key changed on Proxmox",
      shownAt: "sso-realm",
      make: realm({ "client-key": "changed-on-proxmox" }),
    },
  ],
  [
    {
      title: "the certificate deleted",
      shownAt: "sso-certificate",
      make: async (servers) => {
        const { pk } = await servers.certificate();
        await servers.inAuthentik("DELETE", `crypto/certificatekeypairs/${pk}/`);
      },
    },
    {
      title: "the application deleted",
      shownAt: "sso-application",
      make: (servers) => servers.inAuthentik("DELETE", "core/applications/proxmox/"),
    },
    {
      title: "the realm deleted",
      shownAt: "sso-realm",
      make: (servers) => servers.inProxmox("DELETE", "/access/domains/authentik"),
    },
  ],
  [
    {
      title: "the provider deleted",
      shownAt: "sso-provider",
      make: async (servers) => {
        const { pk } = await servers.provider();
        await servers.inAuthentik("DELETE", `providers/oauth2/${pk}/`);
      },
    },
  ],
];

/** The settings that the rounds change, and what a login rests on. */
async function settings(servers: Servers) {
  const { redirect_uris, signing_key, property_mappings, client_id, client_secret } =
    await servers.provider();
  const application = await servers.application();
  const realm = await servers.realm();
  return {
    redirectUris: redirect_uris,
    isSignedByOurs: signing_key === (await servers.certificate()).pk,
    mappings: new Set(Array.isArray(property_mappings) ? property_mappings : []),
    sameClient: realm["client-id"] === client_id && realm["client-key"] === client_secret,
    belongsTogether: application.provider === (await servers.provider()).pk,
    application: [application.name, application.group],
    realm: [realm.comment, realm.autocreate, realm["username-claim"]],
  };
}

describe("a change behind our back", () => {
  const engine = useEngine();
  let asMade: Awaited<ReturnType<typeof settings>>;

  before(async () => {
    await engine.stack.up();
    asMade = await settings(engine.servers);
    assert.ok(asMade.isSignedByOurs && asMade.sameClient && asMade.belongsTogether);
  });

  for (const drifts of rounds) {
    it(`is shown by refresh and mended by up: ${drifts.map(({ title }) => title).join("; ")}`, async () => {
      for (const { make } of drifts) await make(engine.servers);
      const refreshed = await engine.stack.refresh();
      for (const { shownAt } of drifts) {
        assert.match(refreshed, new RegExp(` ${shownAt} (updated|deleted)`), `refresh:\n${refreshed}`);
      }
      assert.match(await engine.stack.up(), / sso-proof updated/, "the login was not proved again");
      assert.deepEqual(await settings(engine.servers), asMade);
      assert.deepEqual(await engine.servers.inventory(), complete);
    });
  }

  it("is gone after that: refresh shows no more", async () => {
    assertUnchanged(await engine.stack.refresh());
  });
});
