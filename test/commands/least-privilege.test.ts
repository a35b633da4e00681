import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { leastPrivilege } from "../../cli/commands/least-privilege";
import { Servers } from "../engine/servers";
import { FaultyProxy } from "../faults/proxy";
import { printedBy } from "./printed";

const account = "proxmox-authentik-sso-prod";
const tokenKey = "pulumi-nodejs:authentikToken";

/** The paths of the account's objects, the field with their name, and their key. */
const madeByUs = [
  ["core/tokens/", "identifier", "identifier"],
  ["core/users/", "username", "pk"],
  ["core/groups/", "name", "pk"],
  ["rbac/roles/", "name", "pk"],
  ["rbac/initial_permissions/", "name", "id"],
] as const;

/** A stack's config and state, like the Pulumi CLI shows and changes them. */
class FakePulumi {
  readonly config = new Map<string, string>();
  readonly calls: string[][] = [];
  /** Number of the CLI's change at which the command is killed, before or after the change. */
  diesAt = 0;
  diesAfter = false;
  #changes = 0;

  constructor(
    token: string,
    readonly url: string,
  ) {
    this.config.set(tokenKey, token);
  }

  readonly run = async (args: string[], input?: string): Promise<string> => {
    this.calls.push(args);
    if (args[0] === "stack") return args[1] === "export" ? this.#state() : "prod\n";
    if (args[1] !== "set" && args[1] !== "rm") {
      return JSON.stringify(Object.fromEntries([...this.config].map(([key, value]) => [key, { value }])));
    }
    const dies = ++this.#changes === this.diesAt;
    if (dies && !this.diesAfter) throw new Error("killed");
    const [key = "", value] = args.slice(2).filter((word) => !word.startsWith("--"));
    if (args[1] === "rm") this.config.delete(key);
    else this.config.set(key, value ?? input ?? "");
    if (dies) throw new Error("killed");
    return "";
  };

  #state(): string {
    const type = "pulumi-nodejs:dynamic/authentik:Application";
    return JSON.stringify({
      deployment: { resources: [{ urn: type, type, inputs: { authentik: { url: this.url } } }] },
    });
  }
}

describe("npm run credentials -- --least-privilege", () => {
  let servers: Servers;
  let bootstrapToken: string;
  let proxy: FaultyProxy;
  /**
   * The request from which authentik stops answering, as if the command were killed, and whether authentik still
   * handles that one.
   */
  let dead: { at: number; acts: boolean } | undefined;
  let requests = 0;

  before(async () => {
    servers = await Servers.start();
    bootstrapToken = servers.authentikToken;
    await servers.useOwnToken();
    proxy = await FaultyProxy.start({ url: servers.authentik.httpUrl }, async (exchange) => {
      const k = ++requests;
      const isDead = dead !== undefined && k >= dead.at;
      const answer = !isDead || (k === dead?.at && dead.acts) ? await exchange.forward() : undefined;
      exchange.reply(isDead || !answer ? { status: 501, headers: {}, body: Buffer.alloc(0) } : answer);
    });
  });
  after(async () => {
    await proxy.goDown();
    await servers.stop();
  });

  /** An authentik with its bootstrap token and without the account, and a stack's config for it. */
  async function begin(): Promise<FakePulumi> {
    for (const [path, key, lookup] of madeByUs) {
      for (const object of await servers.listInAuthentik(path)) {
        if (object[key] === account) await servers.inAuthentik("DELETE", `${path}${object[lookup]}/`);
      }
    }
    await servers.inAuthentik("POST", "core/tokens/authentik-bootstrap-token/set_key/", {
      key: bootstrapToken,
    });
    dead = undefined;
    requests = 0;
    return new FakePulumi(bootstrapToken, proxy.url);
  }

  const run = (pulumi: FakePulumi) => printedBy(() => leastPrivilege(pulumi.run));

  async function usernameOf(token: string): Promise<string | undefined> {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${servers.authentik.httpUrl}/api/v3/core/users/me/`, { headers });
    return /"username":"([^"]+)"/.exec(await answer.text())?.[1];
  }

  async function assertDone(pulumi: FakePulumi): Promise<void> {
    assert.equal(await usernameOf(pulumi.config.get(tokenKey) ?? ""), account);
    assert.equal(await usernameOf(bootstrapToken), undefined, "the bootstrap token still counts");
    assert.deepEqual([...pulumi.config.keys()].sort(), ["authentikBootstrap", tokenKey]);
    for (const [path, key] of madeByUs) {
      const named = (await servers.listInAuthentik(path)).filter((object) => object[key] === account);
      assert.equal(named.length, 1, path);
    }
  }

  it("replaces the bootstrap token, passes no secret as an argument, and can be repeated", async () => {
    const pulumi = await begin();
    const { code, output } = await run(pulumi);
    assert.equal(code, 0);
    assert.match(output, /is disabled\. Run pulumi up/);
    await assertDone(pulumi);
    const words = [...pulumi.calls.flat(), output].join(" ");
    for (const secret of [bootstrapToken, pulumi.config.get(tokenKey) ?? ""]) {
      assert.ok(!words.includes(secret));
    }
    const before = requests;
    assert.match((await run(pulumi)).output, /already/);
    assert.equal(requests, before + 1);
  });

  it("lets the account create a user for the proof, and change no other user", async () => {
    const pulumi = await begin();
    await run(pulumi);
    const token = pulumi.config.get(tokenKey) ?? "";
    const { pk: person } = await servers.inAuthentik("POST", "core/users/", { username: "eve", name: "Eve" });
    const asAccount = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${servers.authentik.httpUrl}/api/v3/core/users/${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: body ? JSON.stringify(body) : null,
      });
      return { status: response.status, text: await response.text() };
    };
    const { status, text } = await asAccount("POST", "", { username: "sso-proof-1", name: "proof" });
    assert.equal(status, 201, text);
    const { pk } = JSON.parse(text);
    const calls = (user: unknown): [string, string, object?][] => [
      ["POST", `${user}/set_password/`, { password: "p4ssword-of-the-proof" }],
      ["PATCH", `${user}/`, { groups: [] }],
      ["GET", `${user}/`],
      ["DELETE", `${user}/`],
    ];
    const statuses = async (user: unknown) => {
      const all = [];
      for (const call of calls(user)) all.push((await asAccount(...call)).status);
      return all;
    };
    assert.deepEqual(await statuses(person), [403, 403, 403, 403]);
    assert.deepEqual(Object(JSON.parse((await asAccount("GET", "")).text)).results.length, 1);
    assert.deepEqual(await statuses(pk), [204, 200, 200, 204]);
    await servers.inAuthentik("DELETE", `core/users/${person}/`);
  });

  it("keeps a person's own token, and reports it", async () => {
    const pulumi = await begin();
    pulumi.config.set(tokenKey, servers.authentikToken);
    assert.match((await run(pulumi)).output, /is not the bootstrap token, and stays valid/);
    assert.equal(await usernameOf(servers.authentikToken), "akadmin");
  });

  it("does not use another's account", async () => {
    const pulumi = await begin();
    await servers.inAuthentik("POST", "core/users/", { username: account, name: "A person" });
    await assert.rejects(run(pulumi), /"proxmox-authentik-sso-prod" in authentik is not a service account/);
    assert.equal(await usernameOf(pulumi.config.get(tokenKey) ?? ""), "akadmin");
  });

  it("continues after a kill at any change of the config", async () => {
    for (const diesAfter of [false, true]) {
      for (let diesAt = 1; diesAt <= 4; diesAt++) {
        const pulumi = Object.assign(await begin(), { diesAt, diesAfter });
        await assert.rejects(run(pulumi), /killed/);
        assert.ok(await usernameOf(pulumi.config.get(tokenKey) ?? ""), "an up would have no token");
        await run(pulumi);
        await assertDone(pulumi);
      }
    }
  });

  it("continues after a kill at any request to authentik", async () => {
    await run(await begin());
    const all = requests;
    assert.ok(all > 20);
    for (const acts of [false, true]) {
      for (let at = 1; at <= all; at++) {
        const pulumi = await begin();
        dead = { at, acts };
        await assert.rejects(run(pulumi));
        assert.ok(await usernameOf(pulumi.config.get(tokenKey) ?? ""), "an up would have no token");
        dead = undefined;
        await run(pulumi);
        await assertDone(pulumi);
      }
    }
  });
});
