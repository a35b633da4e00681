import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type OffboardOptions, offboard } from "../../cli/commands/offboard";
import { Servers } from "../engine/servers";
import { clientOf } from "../lab/proxmox-client";
import { find, setUpByHand } from "./by-hand";
import { LoggedInBrowser } from "./logged-in-browser";
import { printedBy } from "./printed";

const userId = "alice@authentik";
const password = "p4ssword-of-alice";

describe("offboarding", () => {
  let servers: Servers;
  let browser: LoggedInBrowser;
  let apiToken: string;
  let alice: unknown;

  before(async () => {
    servers = await Servers.start();
    await setUpByHand(servers);
    alice = (await servers.inAuthentik("POST", "core/users/", { username: "alice", name: "Alice" })).pk;
    await servers.inAuthentik("POST", `core/users/${alice}/set_password/`, { password });
    await servers.inAuthentik("POST", "core/tokens/", {
      identifier: "alice-ci",
      intent: "api",
      user: alice,
      expiring: false,
    });
    browser = new LoggedInBrowser(servers);
    await browser.logIn("alice", password);
    const token = await servers.inProxmox("POST", `/access/users/${encodeURIComponent(userId)}/token/ci`, {
      privsep: "0",
    });
    apiToken = `${token["full-tokenid"]}=${token.value}`;
    await servers.inProxmox("PUT", "/access/acl", { path: "/vms", roles: "PVEVMUser", users: userId });
    await servers.inProxmox("POST", "/access/users", { userid: "alice@pve" });
  });

  after(() => servers.stop());

  const run = (username: string, options: OffboardOptions = {}) =>
    printedBy(() => offboard(pulumi, username, options));

  /** The Pulumi CLI on a stack that has created the objects on the servers. */
  async function pulumi(args: string[]): Promise<string> {
    const project = "proxmox-authentik-sso";
    if (args[0] === "config") {
      return JSON.stringify({
        "pulumi-nodejs:authentikToken": { value: servers.authentikToken },
        "pulumi-nodejs:proxmoxToken": { value: servers.proxmoxToken },
        [`${project}:testUsername`]: { value: "akadmin" },
      });
    }
    const resource = (type: string, inputs: object) => ({
      urn: type,
      type: `pulumi-nodejs:dynamic/${type}`,
      inputs,
    });
    const resources = [
      resource("authentik:Application", { authentik: { url: servers.authentik.httpUrl } }),
      resource("proxmox:OpenIdRealm", {
        proxmox: { url: servers.proxmox.url, caCertificate: servers.proxmox.caPem },
        realm: "authentik",
        usernameClaim: "username",
      }),
    ];
    return JSON.stringify({ deployment: { resources } });
  }

  /** The status of Proxmox's answer to a request with these credentials. */
  async function statusWith(headers: Record<string, string>): Promise<number> {
    const client = clientOf(servers.proxmox, "");
    const { status } = await client.call("GET", "/version", undefined, headers);
    await client.close();
    return status;
  }

  const withTicket = () => statusWith({ Cookie: `PVEAuthCookie=${encodeURIComponent(browser.ticket)}` });
  const withToken = () => statusWith({ Authorization: `PVEAPIToken=${apiToken}` });

  it("shows what each credential still allows, and changes nothing", async () => {
    const { code, output } = await run("alice");
    assert.equal(code, 1);
    for (const line of [
      /user "alice", active, in no group\n +can log in/,
      /browser session from 127\.0\.0\.1\n +logs in to Proxmox without a password/,
      /api token "alice-ci", valid without an end\n +acts as the user/,
      /user "alice@authentik", enabled, never expires\n +an open web page continues/,
      /API token "alice@authentik!ci", never expires\n +works without authentik/,
      /permission PVEVMUser on \/vms\n/,
      /other users of that name, not checked: alice@pve/,
      /5 things are left. End them with: npm run offboard -- alice --remove/,
    ]) {
      assert.match(output, line);
    }
    assert.deepEqual([await withTicket(), await withToken()], [200, 200]);
  });

  it("needs more than a locked user in authentik, which ends neither the ticket nor the API token", async () => {
    await servers.inAuthentik("PATCH", `core/users/${alice}/`, { is_active: false });
    assert.deepEqual([await withTicket(), await withToken()], [200, 200]);
    assert.equal(await browser.isLoggedIn(), false);
    await servers.inAuthentik("PATCH", `core/users/${alice}/`, { is_active: true });
    await browser.logIn("alice", password);
  });

  it("--remove ends all access, and prints each step", async () => {
    const { code, output } = await run("alice", { remove: true });
    assert.equal(code, 0, output);
    assert.equal(output.match(/^Done: /gm)?.length, 5, output);
    assert.match(output, /Nothing is left that "alice" could log in with/);
    assert.deepEqual([await withTicket(), await withToken()], [401, 401]);
    assert.equal(await browser.isLoggedIn(), false);
    await assert.rejects(browser.logIn("alice", password));
    const { enable, tokens } = await servers.inProxmox("GET", `/access/users/${encodeURIComponent(userId)}`);
    assert.deepEqual({ enable, tokens }, { enable: 0, tokens: null });
  });

  it("finds nothing to do the next time", async () => {
    const { code, output } = await run("alice", { remove: true });
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /^Done: /m);
    assert.match(output, /user "alice", deactivated/);
    assert.match(output, /user "alice@authentik", disabled/);
  });

  it("--delete removes the Proxmox user with its permissions, and no other of that name", async () => {
    const { code, output } = await run("alice", { delete: true });
    assert.equal(code, 0, output);
    assert.match(output, /no user "alice@authentik"/);
    const users: { userid: string }[] = Object.values(await servers.inProxmox("GET", "/access/users")).map(
      Object,
    );
    assert.deepEqual(users.map(({ userid }) => userid).sort(), ["alice@pve", "root@pam"]);
    assert.deepEqual(Object.values(await servers.inProxmox("GET", "/access/acl")), []);
  });

  it("keeps the user of the stack's own token", async () => {
    const { code, output } = await run("akadmin", { remove: true });
    assert.equal(code, 1);
    assert.match(output, /owns the API token that this stack uses/);
    assert.match(output, /"akadmin" is the stack's test user/);
    const { is_active: isActive } = await find(servers, "core/users/", "username", "akadmin");
    assert.equal(isActive, true);
  });

  it("reports a server that refuses a read, and counts it as remaining access", async () => {
    servers.proxmoxToken = "root@pam!engine=revoked";
    const { code, output } = await run("alice");
    assert.equal(code, 1);
    assert.match(output, /Proxmox VE at .*\n +- could not be read: /);
  });
});
