import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { sample } from "../tools/sample";
import { assertUnchanged, useEngine } from "./harness";
import { ended } from "./processes";
import { complete, empty, type JsonObject, type Servers } from "./servers";

const links = [
  "proxmox:OpenIdRealm",
  "authentik:Application",
  "authentik:OAuth2Provider",
  "authentik:Certificate",
];

/** Values that would differ if an object were created again. */
async function identities(servers: Servers) {
  const { pk: certificate, fingerprint_sha256: fingerprint } = await servers.certificate();
  const { pk: provider, client_secret: secret } = await servers.provider();
  const { pk: application } = await servers.application();
  return { certificate, fingerprint, provider, secret, application };
}

describe("an up that is interrupted", () => {
  const engine = useEngine();
  let made: JsonObject;

  before(async () => {
    await engine.stack.up();
    made = await identities(engine.servers);
  });

  for (const link of sample(links, (link) => /Provider|Realm/.test(link))) {
    it(`before it saved the ${link} continues with the same objects`, async () => {
      await engine.stack.forget(link);
      await engine.stack.up();
      assert.deepEqual(await identities(engine.servers), made);
      assert.deepEqual(await engine.servers.inventory(), complete);
    });
  }

  it("by the end of Pulumi's CLI leaves no plugin", async () => {
    const asked = engine.servers.requests.length;
    let plugin = 0;
    await engine.stack.killedWhen(
      "destroy",
      () => engine.servers.requests.length > asked,
      (run) => {
        plugin = run.plugin();
        run.killCli();
      },
    );
    await ended(plugin, 10);
    await engine.stack.cancel();
    await engine.stack.destroy();
    assert.deepEqual(await engine.servers.inventory(), empty);
  });
});

/** Objects of somebody else with the names that the stack needs, and how to delete them. */
const strangers: {
  title: string;
  named: RegExp;
  make(servers: Servers): Promise<() => Promise<unknown>>;
  read(servers: Servers): Promise<JsonObject>;
}[] = [
  {
    title: "certificate",
    read: (servers) => servers.certificate(),
    named:
      /A certificate "proxmox signing \(proxmox-authentik-sso\)" with serial number [0-9a-f]+ exists already/,
    async make(servers) {
      const { pk } = await servers.inAuthentik("POST", "crypto/certificatekeypairs/generate/", {
        common_name: "proxmox signing (proxmox-authentik-sso)",
        subject_alt_name: "",
        validity_days: 365,
      });
      return () => servers.inAuthentik("DELETE", `crypto/certificatekeypairs/${pk}/`);
    },
  },
  {
    title: "provider",
    read: (servers) => servers.provider(),
    named: /A provider "Proxmox VE" with client ID "foreign" exists already/,
    async make(servers) {
      const pk = await foreignProvider(servers, "Proxmox VE", "foreign");
      return () => servers.inAuthentik("DELETE", `providers/oauth2/${pk}/`);
    },
  },
  {
    title: "application",
    read: (servers) => servers.application(),
    named: /An application "Something else" with the slug "proxmox" exists already/,
    async make(servers) {
      const body = { name: "Something else", slug: "proxmox" };
      await servers.inAuthentik("POST", "core/applications/", body);
      return () => servers.inAuthentik("DELETE", "core/applications/proxmox/");
    },
  },
  {
    title: "realm",
    read: (servers) => servers.realm(),
    named: /A realm "authentik" with client ID "foreign" exists already/,
    async make(servers) {
      await servers.inProxmox("POST", "/access/domains", {
        realm: "authentik",
        type: "openid",
        "issuer-url": "https://other.example",
        "client-id": "foreign",
        "client-key": "foreign",
        "username-claim": "username",
      });
      return () => servers.inProxmox("DELETE", "/access/domains/authentik");
    },
  },
];

async function foreignProvider(servers: Servers, name: string, clientId: string): Promise<unknown> {
  const flow = async (slug: string) =>
    (await servers.listInAuthentik("flows/instances/")).find((one) => one.slug === slug)?.pk;
  const { pk } = await servers.inAuthentik("POST", "providers/oauth2/", {
    name,
    client_id: clientId,
    authorization_flow: await flow("default-provider-authorization-implicit-consent"),
    invalidation_flow: await flow("default-provider-invalidation-flow"),
    redirect_uris: [],
  });
  return pk;
}

describe("a name that an object of others has", () => {
  const engine = useEngine();
  const removals: (() => Promise<unknown>)[] = [];

  before(async () => {
    for (const { make } of strangers) removals.push(await make(engine.servers));
  });

  for (const [index, { title, named, read }] of strangers.entries()) {
    it(`is an error that names the ${title}, which stays unchanged`, async () => {
      const before = await read(engine.servers);
      const output = await engine.stack.failingUp();
      assert.match(output, named);
      assert.match(
        output,
        /was not made by this stack.*Choose another name, remove it, or set `adopt: true`/,
      );
      assert.deepEqual(await read(engine.servers), before);
      await removals[index]?.();
    });
  }

  it("is usable when that object is gone", async () => {
    await engine.stack.up();
    assert.deepEqual(await engine.servers.inventory(), complete);
  });

  it("can be adopted", async () => {
    await engine.stack.destroy();
    for (const { make } of strangers) await make(engine.servers);
    const { pk: application } = await engine.servers.application();
    const { pk: provider } = await engine.servers.provider();
    await engine.stack.configure({ plain: { adopt: "true" } });
    assert.match(await engine.stack.up(), /logged in through authentik/);
    assert.equal((await engine.servers.application()).pk, application);
    assert.equal((await engine.servers.provider()).pk, provider);
    assertUnchanged(await engine.stack.refresh());
  });
});
