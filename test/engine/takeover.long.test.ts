import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { offboard } from "../../cli/commands/offboard";
import { takeover } from "../../cli/commands/takeover";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { type ByHand, find, setUpByHand, slug } from "../commands/by-hand";
import { addGroups, setUpOnOther } from "../commands/by-hand-other";
import { printedBy } from "../commands/printed";
import { assertUnchanged, configFor } from "./harness";
import { addUser, loginOf } from "./login";
import { type JsonObject, Servers } from "./servers";
import { Stack } from "./stack";

const password = "p4ssword-of-bob";

/** The keys of the project without its name. */
function inProject(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^.*?:/, ""), value]));
}

/** The objects of a login, as the servers return them. */
interface Objects {
  provider: JsonObject;
  application: JsonObject;
  realm: JsonObject;
}

describe("taking over a sign-on that was set up by hand", () => {
  let servers: Servers;
  let stack: Stack;
  let made: ByHand;
  let previous: Objects;
  let printed: string;
  let admins: JsonObject;

  before(async () => {
    servers = await Servers.start();
    made = await setUpByHand(servers);
    await servers.inAuthentik("PATCH", `core/applications/${slug}/`, { meta_description: "Hypervisors" });
    admins = await bindGroup("pve-admins", "/", "Administrator");
    await bindGroup("pve-users", "/vms", "PVEVMUser");
    const { pk, groups } = await find(servers, "core/users/", "username", "akadmin");
    await servers.inAuthentik("PATCH", `core/users/${pk}/`, { groups: [...Object(groups), admins.group] });
    await addUser(servers, "bob", password, ["pve-users"]);
    await servers.inProxmox("PUT", "/access/domains/authentik", {
      "groups-claim": "groups",
      "groups-overwrite": "1",
    });
    previous = await objects();
    const { plain, secret } = configFor(servers);
    const { allowEveryone: _, ...known } = plain;
    stack = await Stack.create({ plain: known, secret });
  });
  after(async () => {
    await stack?.remove();
    await servers?.stop();
  });

  /** Grants access on both servers as the guides describe. */
  async function bindGroup(name: string, path: string, role: string): Promise<JsonObject> {
    const { pk } = await servers.inAuthentik("POST", "core/groups/", { name });
    const groupid = `${name}-authentik`;
    await servers.inProxmox("POST", "/access/groups", { groupid });
    await servers.inProxmox("PUT", "/access/acl", { path, roles: role, groups: groupid });
    return servers.inAuthentik("POST", "policies/bindings/", {
      target: made.application.pk,
      group: pk,
      order: 0,
    });
  }

  async function objects(): Promise<Objects> {
    const [provider, application, realm] = await Promise.all([
      servers.provider(),
      servers.application(),
      servers.realm(),
    ]);
    return { provider, application, realm };
  }

  it("writes a complete config, prints no secret, and changes no server", async () => {
    const { code, output } = await printedBy(() =>
      takeover((args, input) => stack.capture(args, input), { write: true }),
    );
    assert.equal(code, 0, output);
    printed = output;
    assert.match(output, /^ {2}proxmox-authentik-sso:applicationSlug: pve$/m);
    assert.ok(!output.includes(String(made.provider.client_secret)));
    assert.deepEqual(await objects(), previous);
  });

  it("also writes it for one of several clusters, whose secret is encrypted and usable", async () => {
    const { plain, secret } = configFor(servers);
    const { allowEveryone: _, proxmoxCa: ca = "", "proxmoxAddresses[0]": address = "", ...known } = plain;
    const { proxmoxToken = "", ...secrets } = secret;
    const several = await Stack.create({
      plain: { ...known, "clusters.main.addresses[0]": address, "clusters.main.ca": ca },
      secret: { ...secrets, "proxmoxToken-main": proxmoxToken },
    });
    try {
      const options = { cluster: "main", write: true };
      const { code, output } = await printedBy(() =>
        takeover((args, input) => several.capture(args, input), options),
      );
      assert.equal(code, 0, output);
      const file = await readFile(join(several.folder, "Pulumi.engine.yaml"), "utf8");
      const { adopt, clusters } = inProject(parse(file).config);
      const { clientSecret, clientId, access } = Object(clusters).main;
      assert.equal(adopt, "true");
      assert.equal(clientId, made.provider.client_id);
      assert.deepEqual(access, {
        "pve-admins": { "/": "Administrator" },
        "pve-users": { "/vms": "PVEVMUser" },
      });
      assert.match(clientSecret.secure, /^v1:/);
      assert.match(await several.preview(), /main-realm create/);
    } finally {
      await several.remove();
    }
  });

  it("adds the objects to the stack with one up, which proves the login", async () => {
    assert.match(await stack.up(), /\\"akadmin@authentik\\" logged in through authentik/);
    const { provider, application, realm } = await objects();
    for (const key of ["pk", "client_id", "client_secret"]) assert.equal(provider[key], made.provider[key]);
    assert.equal(application.pk, made.application.pk);
    assert.equal(realm["client-key"], made.provider.client_secret);
  });

  it("admits the same groups, by the same bindings, to the same permissions", async () => {
    const bindings = await servers.listInAuthentik("policies/bindings/");
    const [declared, closing] = [2, 1];
    assert.equal(bindings.filter(({ target }) => target === made.application.pk).length, declared + closing);
    assert.ok(bindings.some(({ pk }) => pk === admins.pk));
    const { permissions } = await loginOf(servers, "bob", password);
    assert.ok(permissions["/vms"]?.includes("VM.Console"));
    assert.equal(permissions["/"], undefined);
  });

  it("changes only what it has announced on the servers", async () => {
    const now = await objects();
    const changed = (["provider", "application", "realm"] as const).flatMap((kind) =>
      Object.keys({ ...previous[kind], ...now[kind] })
        .filter((key) => key !== "digest" && key !== "provider_obj")
        .filter((key) => JSON.stringify(previous[kind][key]) !== JSON.stringify(now[kind][key]))
        .map((key) => `${kind}: ${key}`),
    );
    assert.deepEqual(changed.sort(), [
      "application: meta_description",
      "application: meta_launch_url",
      "provider: name",
      "provider: property_mappings",
      "provider: signing_key",
      "realm: comment",
      "realm: groups-claim",
      "realm: scopes",
    ]);
    const announced = [...printed.matchAll(/^# {3}- (\w+: \w+) /gm)].map(([, change]) => change);
    assert.deepEqual(announced.sort(), [
      "application: description",
      "application: launchUrl",
      "provider: it",
      "provider: it",
      "provider: name",
      "realm: comment",
      "realm: groupsClaim",
      "realm: scopes",
    ]);
  });

  it("lets npm run offboard find its servers in the state", async () => {
    const { code, output } = await printedBy(() =>
      offboard((args, input) => stack.capture(args, input), "bob", { delete: true }),
    );
    assert.equal(code, 0, output);
    assert.match(output, /^Done: deactivated the user "bob" in authentik\.$/m);
    assert.match(output, /^Done: deleted the user "bob@authentik" on Proxmox/m);
  });

  it("needs no `adopt` from then on", async () => {
    assertUnchanged(await stack.up());
    await stack.unset("adopt");
    assertUnchanged(await stack.up());
  });
});

describe("taking over a sign-on that was set up by hand on Backup Server", () => {
  const token = "root@pam!takeover:0b9e3e9c-5d5c-4a3c-8a6e-3f6f0f0f5d12";
  let servers: Servers;
  let backup: RunningAccessControl;
  let stack: Stack;

  before(async () => {
    servers = await Servers.start();
    backup = await startAccessControl({
      product: "backup",
      port: 0,
      rootPassword: "p4ssword",
      tokens: [token],
      authenticationDelayMs: 0,
    });
    await addGroups(servers);
    await setUpOnOther(servers, "backup", "Backup Server", backup);
    const { plain, secret } = configFor(servers);
    const { authentikUrl = "", deployAuthentik = "" } = plain;
    const { authentikToken = "" } = secret;
    const entry = { product: "backup", "addresses[0]": backup.url, ca: backup.caPem };
    const ofEntry = Object.entries(entry).map(([key, value]) => [`clusters.backup.${key}`, value]);
    stack = await Stack.create({
      plain: { authentikUrl, deployAuthentik, ...Object.fromEntries(ofEntry) },
      secret: { authentikToken, "proxmoxToken-backup": token },
    });
  });
  after(async () => {
    await stack?.remove();
    await backup?.close();
    await servers?.stop();
  });

  const lines = () =>
    backup.node.store.acl.all
      .map(({ path, role, id, propagate }) => `${id}: ${role} on ${path} ${propagate}`)
      .sort();

  it("keeps each role and each user, and gives those of a group to a member without a user", async () => {
    const before = lines();
    const users = backup.node.store.users.all.map(({ id }) => id);
    const { code, output } = await printedBy(() =>
      takeover((args, input) => stack.capture(args, input), { cluster: "backup", write: true }),
    );
    assert.equal(code, 0, output);
    assert.deepEqual(lines(), before);
    assert.match(await stack.up(), /A user that the proof made logged in to Proxmox Backup Server/);
    assert.deepEqual(lines(), [...before, "newcomer@authentik: Audit on /system false"].sort());
    assert.deepEqual(
      backup.node.store.users.all.map(({ id }) => id).sort(),
      [...users, "newcomer@authentik"].sort(),
    );
  });

  it("needs no `adopt` from then on", async () => {
    await stack.unset("adopt");
    assertUnchanged(await stack.up());
  });
});
