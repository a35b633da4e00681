import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { overviewOf } from "../../cli/show/overview";
import { startAccessControl } from "../../lab/access-control/server";
import { datacenterManager } from "../../providers/datacenterManager/product";
import { logIn } from "../../providers/sso/proof/authentikLogin";
import { Browser } from "../../providers/sso/proof/browser";
import { OtherLogin } from "../../providers/sso/proof/otherLogin";
import { assertUnchanged, Engine } from "./harness";
import { addUser } from "./login";
import { Servers } from "./servers";
import { Stack } from "./stack";

const token = "root@pam!engine:0b9e3e9c-5d5c-4a3c-8a6e-3f6f0f0f5d12";
const password = "p4ssword-of-both";
const engine = new Engine();
let manager: Awaited<ReturnType<typeof startAccessControl>>;

/** The objects that the server did not have at first. */
function made(): string[] {
  const { realms, users, acl } = manager.node.store;
  return [
    ...realms.all.filter(({ type }) => type === "openid").map(({ id }) => `realm ${id}`),
    ...users.all.filter(({ id }) => !id.startsWith("root@pam")).map(({ id }) => `user ${id}`),
    ...acl.all
      .filter(({ id }) => !id.startsWith("root@pam"))
      .map(({ role, path, id }) => `${role} on ${path} for ${id}`),
  ];
}

before(async () => {
  engine.servers = await Servers.start();
  manager = await startAccessControl({
    product: "datacenter-manager",
    port: 0,
    rootPassword: "engine-root",
    tokens: [token],
    authenticationDelayMs: 0,
  });
  await engine.servers.inAuthentik("POST", "core/groups/", { name: "auditors" });
  await addUser(engine.servers, "alice", password, ["auditors"]);
  const { authentik, authentikToken } = engine.servers;
  const plain = {
    deployAuthentik: "false",
    authentikUrl: authentik.httpUrl,
    "clusters.manager.product": "datacenter-manager",
    "clusters.manager.addresses[0]": manager.url,
    "clusters.manager.ca": manager.caPem,
    'access.auditors["datacenter-manager"]["/resource"]': "Auditor",
  };
  engine.stack = await Stack.create({ plain, secret: { authentikToken, "proxmoxToken-manager": token } });
});

after(async () => {
  await engine.stack?.remove();
  await manager?.close();
  await engine.servers?.stop();
});

it("sets up Datacenter Manager from nothing to a proved login, changes nothing at the next up, and leaves nothing", async () => {
  await engine.stack.up();
  const { clusters } = overviewOf("engine", JSON.parse(await engine.stack.export()));
  assert.match(
    `${clusters[0]?.proof?.summary}`,
    /^A user that the proof made logged in to Proxmox Datacenter Manager .*, and was removed\. Authentik refused it while it was in no group\./,
  );
  const expected = ["realm authentik", "user alice@authentik", "Auditor on /resource for alice@authentik"];
  assert.deepEqual(made(), expected);

  const page = new OtherLogin(
    datacenterManager,
    { url: manager.url, caCertificate: manager.caPem },
    "authentik",
    undefined,
  );
  const browser = new Browser(engine.servers.authentikUrl, {});
  const back = await logIn(browser, await page.authorizationUrl(manager.url), {
    username: "alice",
    password,
  });
  const { code = "", state = "" } = Object.fromEntries(back.searchParams);
  const { username, ticket } = await page.logIn(code, state, manager.url);
  assert.equal(username, "alice@authentik");
  assert.deepEqual(Object.keys(await page.permissions(ticket)), ["/resource"]);

  assertUnchanged(await engine.stack.up());
  assertUnchanged(await engine.stack.refresh());
  assertUnchanged(await engine.stack.up());
  assert.deepEqual(made(), expected);

  await engine.stack.destroy();
  assert.deepEqual(made(), []);
  const kinds = ["core/applications/", "providers/oauth2/", "policies/bindings/"];
  for (const kind of kinds) assert.deepEqual(await engine.servers.listInAuthentik(kind), [], kind);
});
