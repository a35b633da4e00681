import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { RELEASED } from "../../lab/authentik/profile";
import { inFullRun } from "../tools/sample";
import { assertUnchanged, useEngine } from "./harness";
import { complete, type JsonObject, oldest, type Servers } from "./servers";

/** A change outside of Pulumi, and the line of the refresh that shows it. */
interface Drift {
  title: string;
  shownBy: RegExp;
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

/** One refresh shows each round, and one `up` corrects it. The second half runs on the oldest servers. */
const rounds: Drift[][] = [
  [
    {
      title: "the redirect URI emptied",
      shownBy: /sso-provider updated.*\bredirectUris\b/,
      make: provider(() => ({ redirect_uris: [] })),
    },
    {
      title: "the signing key taken away",
      shownBy: /sso-provider updated.*\bsigningKey\b/,
      make: provider(() => ({ signing_key: null })),
    },
    {
      title: "the application renamed",
      shownBy: /sso-application updated.*\bname\b/,
      make: application({ name: "Renamed" }),
    },
    {
      title: "the realm's comment changed",
      shownBy: /sso-realm updated.*\bcomment\b/,
      make: realm({ comment: "by hand" }),
    },
    {
      title: "the realm's autocreate off",
      shownBy: /sso-realm updated.*\bautocreate\b/,
      make: realm({ autocreate: "0" }),
    },
  ],
  [
    {
      title: "a scope mapping removed",
      shownBy: /sso-provider updated.*\bscopeMappings\b/,
      make: provider(({ property_mappings }) => ({
        property_mappings: Array.isArray(property_mappings) ? property_mappings.slice(1) : [],
      })),
    },
    {
      title: "further grant types allowed",
      shownBy: /sso-provider updated.*\bgrantTypes\b/,
      make: provider(() => ({ grant_types: ["authorization_code", "password"] })),
    },
    {
      title: "the secret changed on Proxmox",
      shownBy: /sso-realm updated/,
      make: realm({ "client-key": "changed-on-proxmox" }),
    },
  ],
  [
    {
      title: "the secret changed in authentik",
      shownBy: /sso-provider updated/,
      make: provider(() => ({ client_secret: "changed-in-authentik" })),
    },
    {
      title: "the certificate deleted",
      shownBy: /sso-certificate deleted/,
      make: async (servers) => {
        const { pk } = await servers.certificate();
        await servers.inAuthentik("DELETE", `crypto/certificatekeypairs/${pk}/`);
      },
    },
    {
      title: "the application deleted",
      shownBy: /sso-application deleted/,
      make: (servers) => servers.inAuthentik("DELETE", "core/applications/proxmox/"),
    },
    {
      title: "the realm deleted",
      shownBy: /sso-realm deleted/,
      make: (servers) => servers.inProxmox("DELETE", "/access/domains/authentik"),
    },
  ],
  [
    {
      title: "the provider deleted",
      shownBy: /sso-provider deleted/,
      make: async (servers) => {
        const { pk } = await servers.provider();
        await servers.inAuthentik("DELETE", `providers/oauth2/${pk}/`);
      },
    },
  ],
];

/** The settings that the rounds change, and those that a login needs. */
async function settings(servers: Servers) {
  const { redirect_uris, signing_key, property_mappings, client_id, client_secret, grant_types } =
    await servers.provider();
  const application = await servers.application();
  const realm = await servers.realm();
  return {
    redirectUris: redirect_uris,
    grantTypes: grant_types,
    isSignedByOurs: signing_key === (await servers.certificate()).pk,
    mappings: new Set(Array.isArray(property_mappings) ? property_mappings : []),
    sameClient: realm["client-id"] === client_id && realm["client-key"] === client_secret,
    belongsTogether: application.provider === (await servers.provider()).pk,
    application: [application.name, application.group],
    realm: [realm.comment, realm.autocreate, realm["username-claim"]],
  };
}

const halves = [
  { servers: "the newest servers", releases: { authentik: RELEASED }, rounds: rounds.slice(0, 2) },
  { servers: "the oldest servers", releases: oldest, rounds: rounds.slice(2) },
];

for (const half of halves) {
  describe(`a change made outside of Pulumi, on ${half.servers},`, () => {
    const engine = useEngine(half.releases);
    let asMade: Awaited<ReturnType<typeof settings>>;

    before(async () => {
      await engine.stack.up();
      asMade = await settings(engine.servers);
      assert.ok(asMade.isSignedByOurs && asMade.sameClient && asMade.belongsTogether);
    });

    for (const drifts of half.rounds) {
      it(`is shown by refresh and corrected by up: ${drifts.map(({ title }) => title).join("; ")}`, async () => {
        for (const { make } of drifts) await make(engine.servers);
        const refreshed = await engine.stack.refresh();
        for (const { shownBy } of drifts) assert.match(refreshed, shownBy);
        assert.match(await engine.stack.up(), / sso-proof updated/, "the login was not proved again");
        assert.deepEqual(await settings(engine.servers), asMade);
        assert.deepEqual(await engine.servers.inventory(), complete);
      });
    }

    it("is no longer shown by the next refresh", async () => {
      assertUnchanged(await engine.stack.refresh());
    });

    if (half.releases === oldest) return;

    inFullRun(() => {
      it("can be a node that joined the cluster: refresh shows it, with a preview too, and up adds it", async () => {
        const { stack, servers } = engine;
        await stack.configure({ plain: { proxmoxNodeAddress: "https://{node}.example.com:8006" } });
        await stack.up();
        servers.proxmox.node.members.push({ name: "pve2", ip: "192.0.2.2" });
        assert.match(await stack.preview({}, "--refresh"), /sso-provider update .*\bredirectUris\b/);
        assert.match(await stack.refresh(), /New in the cluster: pve2\. The next up adds them\./);
        await stack.up();
        const redirectUris = JSON.stringify((await servers.provider()).redirect_uris);
        assert.match(redirectUris, /"https:\/\/pve2\.example\.com:8006"/);
      });
    });
  });
}
