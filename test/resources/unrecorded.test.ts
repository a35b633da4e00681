import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { CURRENT } from "../../lab/authentik/profile";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { Credentials, credentialKey } from "../../providers/core/credentials";
import { identityDefinition } from "../../providers/sso/identity";
import { serve } from "../unit/providers/http/server";
import { AccessControlSimulator, bothProducts } from "./access-control-simulator";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, providerOf, tokens } from "./simulators";

const authentik = new AuthentikSimulator(CURRENT);
const proxmox = new ProxmoxSimulator("9.2");
const credentials = new Credentials({ get: (key) => tokens[key.replace(credentialKey(""), "")] }, {});
const others = bothProducts.map((product) => ({ product, server: new AccessControlSimulator(product) }));

/** The values of a cluster, as the state has them before the first write. */
async function begin(more: Properties = {}) {
  const usedOn = {
    authentik: authentik.connection,
    proxmox: proxmox.connection,
    slug: "pve",
    certificate: "pve signing",
    realm: "sso",
    ...more,
  };
  const life = new Life(await providerOf(identityDefinition));
  await life.create({ usedOn });
  return { life, usedOn };
}

/** The messages of a destroy. */
async function destroyed(context: TestContext, life: Life): Promise<string[]> {
  const print = context.mock.method(console, "log", () => {});
  await life.delete();
  return print.mock.calls.map(({ arguments: [text] }) => String(text));
}

suite("a destroy after a killed run", () => {
  test("names what the killed run created and could not record, and nothing of others", async (context) => {
    const { life } = await begin();
    const mark = String(life.state.serialNumber);
    const attributes = { proxmoxAuthentikSso: mark };
    await authentik.call("POST", "core/groups/", { name: "ops", attributes });
    await authentik.call("POST", "core/groups/", {
      name: "theirs",
      attributes: { proxmoxAuthentikSso: "f00" },
    });
    const mapping = { scope_name: "pve", expression: `# ${mark}\nreturn {}` };
    await authentik.call("POST", "propertymappings/provider/scope/", { name: "pve groups", ...mapping });
    await authentik.call("POST", "core/applications/", { name: "Proxmox", slug: "pve" });
    await proxmox.call("POST", "/access/groups", {
      groupid: "ops-sso",
      comment: `[proxmox-authentik-sso ${mark}]`,
    });
    await proxmox.call("POST", "/access/groups", {
      groupid: "theirs",
      comment: "[proxmox-authentik-sso f00f00f00]",
    });
    const said = await destroyed(context, life);
    assert.deepEqual(
      said.map((line) => line.split(". ")[0]).sort(),
      [
        'The application "pve" stays in authentik',
        'The group "ops" stays in authentik',
        'The group "ops-sso" stays in Proxmox',
        'The scope mapping "pve groups" stays in authentik',
      ],
      said.join("\n"),
    );
  });

  test("searches for several clusters in the same lists", async (context) => {
    const slugs = ["first", "second", "third", "fourth"];
    const begun = await Promise.all(slugs.map((slug) => begin({ slug, certificate: slug })));
    const attributes = { proxmoxAuthentikSso: begun[3]?.life.state.serialNumber };
    await authentik.call("POST", "core/groups/", { name: "of the fourth", attributes });
    const asked = authentik.running.requests.length;
    const print = context.mock.method(console, "log", () => {});
    await Promise.all(begun.map(({ life }) => life.delete()));
    const said = print.mock.calls.map(({ arguments: [text] }) => String(text));
    assert.match(said.join("\n"), /^The group "of the fourth" stays in authentik\.[^\n]*$/);
    const [lists, ownRights] = [5, 1];
    assert.equal(authentik.running.requests.length - asked, lists + ownRights);
  });

  test("names an application whose provider the same destroy has deleted", async (context) => {
    const slugs = ["fifth", "sixth"];
    const begun = await Promise.all(slugs.map((slug) => begin({ slug, certificate: slug })));
    const client = connectAuthentik(authentikConnection.parse(authentik.connection), credentials);
    const [flow] = await client.flows.list({ slug: "default-provider-authorization-implicit-consent" });
    const { pk: provider } = await client.oauth2Providers.create({
      name: "of the stack",
      authorization_flow: flow?.pk,
      invalidation_flow: flow?.pk,
      redirect_uris: [],
    });
    await client.applications.create({ name: "fifth", slug: "fifth", provider });
    // The shared list still has the provider.
    await Promise.all(["seventh", "eighth"].map((slug) => client.applications.withSlug(slug)));
    await client.oauth2Providers.delete(provider);
    const print = context.mock.method(console, "log", () => {});
    await Promise.all(begun.map(({ life }) => life.delete()));
    const said = print.mock.calls.map(({ arguments: [text] }) => String(text));
    assert.match(said.join("\n"), /^The application "fifth" stays in authentik\.[^\n]*$/);
  });

  for (const { product, server } of others) {
    test(`names the realm and the users on ${server.product.shortName}`, async (context) => {
      const { token, connection, product: its } = server;
      const life = new Life(await providerOf(identityDefinition, { [its.tokenConfigKey]: token }));
      const usedOn = { proxmox: { ...connection, tokenConfigKey: its.tokenConfigKey }, realm: "sso" };
      await life.create({ usedOn, usedOnProduct: product });
      const { clientId, serialNumber } = life.state;
      const realm = { realm: "sso", "issuer-url": "https://auth", "client-id": String(clientId) };
      await server.call("POST", "/config/access/openid", realm);
      const marks = { alice: serialNumber, theirs: "f00f00f00" };
      for (const [name, mark] of Object.entries(marks)) {
        const comment = `[proxmox-authentik-sso ${mark}]`;
        await server.call("POST", "/access/users", { userid: `${name}@sso`, comment });
      }
      assert.deepEqual(
        (await destroyed(context, life)).map((line) => line.split(". ")[0]),
        [`The realm "sso" stays in ${its.shortName}`, `The user "alice@sso" stays in ${its.shortName}`],
      );
    });
  }

  test("completes even if a server refuses the search, and reports it", async (context) => {
    const { url } = await serve(context, (_request, response) =>
      response.writeHead(403, { "content-type": "application/json" }).end('{"detail":"No."}'),
    );
    const { life } = await begin({ authentik: { url }, proxmox: undefined });
    const [line = "", ...others] = await destroyed(context, life);
    assert.match(line, /^Unable to search authentik for objects of an interrupted run: /);
    assert.deepEqual(others, []);
  });

  test("sends no request with a state of an earlier version, whose preview shows nothing", async (context) => {
    const { usedOn } = await begin();
    const life = new Life(await providerOf(identityDefinition));
    await life.create({});
    assert.equal(await life.preview({ usedOn }), "nothing");
    const asked = authentik.running.requests.length;
    assert.deepEqual(await destroyed(context, life), []);
    assert.equal(authentik.running.requests.length, asked);
  });
});
