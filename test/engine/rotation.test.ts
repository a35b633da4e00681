import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import { leastPrivilege } from "../../cli/commands/least-privilege";
import { printedBy } from "../commands/printed";
import { assertUnchanged, useEngine } from "./harness";
import { complete, empty, oldestWithGroups } from "./servers";

const account = "proxmox-authentik-sso-engine";
const proved = /logged in through authentik/;

describe("a service account's token that replaces the bootstrap token, and a new token on Proxmox,", () => {
  const engine = useEngine(oldestWithGroups);

  before(async () => {
    const { servers, stack } = engine;
    const bootstrapToken = servers.authentikToken;
    await stack.configure({
      plain: {
        allowEveryone: "false",
        'access["authentik Admins"].as': "admins",
        'access["pve-users"]["/vms"]': "PVEVMUser",
      },
    });
    await stack.up();
    await servers.useOwnToken();
    const { code, output } = await printedBy(() =>
      leastPrivilege((args, input) => stack.capture(args, input)),
    );
    assert.equal(code, 0, output);
    assert.equal(await userOf(bootstrapToken), undefined, "the bootstrap token still counts");
    await stack.configure({ secret: { proxmoxToken: await servers.rotateProxmoxToken() } });
  });

  /** The user of a token. Undefined if authentik refuses it. */
  async function userOf(token: string): Promise<string | undefined> {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${engine.servers.authentik.httpUrl}/api/v3/core/users/me/`, { headers });
    return /"username":"([^"]+)"/.exec(await answer.text())?.[1];
  }

  it("are in the stack's config, of a user who is not an administrator", async () => {
    const token = await engine.stack.capture(["config", "get", "pulumi-nodejs:authentikToken"]);
    assert.equal(await userOf(token.trim()), account);
    const [user] = await engine.servers
      .listInAuthentik(`core/users/`)
      .then((users) => users.filter(({ username }) => username === account));
    assert.equal(user?.is_superuser, false);
  });

  it("are used by a refresh, without an up before it", async () => {
    assertUnchanged(await engine.stack.refresh());
  });

  it("are used by an up, which changes, deletes, creates, and restores what was deleted by hand", async () => {
    const { servers, stack } = engine;
    const [mapping] = (await servers.listInAuthentik("propertymappings/provider/scope/")).filter(
      ({ managed }) => managed === null,
    );
    await servers.inAuthentik("DELETE", `propertymappings/provider/scope/${mapping?.pk}/`);
    await stack.unset('access["pve-users"]');
    await stack.configure({
      plain: { applicationName: "Rotated", 'access["pve-guests"]["/pool"]': "PVEAuditor" },
      secret: { clientSecret: "rotated-too" },
    });
    assert.match(await stack.up("--refresh"), proved);
    assert.equal((await servers.application()).name, "Rotated");
    assert.equal((await servers.provider()).client_secret, "rotated-too");
    const groups = (await servers.listInAuthentik("core/groups/")).map(({ name }) => name);
    assert.ok(groups.includes("pve-guests") && !groups.includes("pve-users"));
  });

  it("are used by a destroy after another rotation, without an up before it", async () => {
    const { servers, stack } = engine;
    const key = randomBytes(30).toString("hex");
    await servers.inAuthentik("POST", `core/tokens/${account}/set_key/`, { key });
    await stack.configure({
      secret: { authentikToken: key, proxmoxToken: await servers.rotateProxmoxToken() },
    });
    await stack.destroy();
    assert.deepEqual(await servers.inventory(), empty);
  });

  it("are sufficient to create everything", async () => {
    assert.match(await engine.stack.up(), proved);
    assert.deepEqual(await engine.servers.inventory(), { ...complete, providers: ["Rotated"] });
  });
});
