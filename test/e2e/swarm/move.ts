import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { backup } from "../../../cli/commands/backup";
import { moveDatabase } from "../../../cli/commands/move-database";
import type { RunPulumi } from "../../../cli/stack/stack-in-question";
import { assertUnchanged } from "../../engine/harness";
import { addUser, loginOf } from "../../engine/login";
import { outsideDatabase, prefix, SwarmLab } from "./lab";

// A part of `npm run swarm`: the steps of docs/swarm.md, "Move a stack from one host", on a manager and two worker nodes.

const password = "a-password-of-the-test";
/** HAProxy needs the plain port too, which is only open on the loopback by default. */
const onOneHost = { httpBindAddress: "0.0.0.0" };
const inSwarm = { "swarm.servers": "2", "swarm.workers": "1", "swarm.publish": "host" };
const kept = ["core/users/", "core/groups/", "crypto/certificatekeypairs/", "providers/oauth2/"];

describe("a stack moves from one host to a swarm and back", () => {
  let lab: SwarmLab;
  let pulumi: RunPulumi;
  /** What must not change, from before the move. */
  let known: unknown;
  before(async () => {
    // The manager is the one host.
    lab = await SwarmLab.start({ without: ["swarm", "postgres"], plain: onOneHost });
    pulumi = (args, input) => lab.stack.capture(args, input);
  });
  after(() => lab?.remove());

  const containers = async () => (await lab.inventory()).containers?.map((name) => name.slice(1)).sort();

  it("runs on one host", async () => {
    await lab.stack.up();
    await addUser(lab, "alice", password, ["pve-admins"]);
    await loginOf(lab, "alice", password);
    known = await identities();
    lab.requests.length = 0;
  });

  it("is saved, and refuses to move without an empty database outside", async () => {
    assert.equal(await backup(pulumi, { file: join(lab.nodes.folder, "before.dump") }), 0);
    await assert.rejects(moveDatabase(pulumi, { yes: true }), /Set postgresHost/);
    await lab.stack.unset("httpBindAddress");
    await lab.stack.configure({ plain: { ...outsideDatabase(lab.postgres), ...inSwarm } });
    await lab.postgres.rows("create table of_somebody_else (id int)");
    await assert.rejects(moveDatabase(pulumi, { yes: true }), /has 1 tables. Nothing was changed/);
    await lab.postgres.rows("drop table of_somebody_else");
    assert.equal(await moveDatabase(pulumi, {}), 1, "not without --yes");
    await loginOf(lab, "alice", password);
  });

  it("moves into the swarm with its users, keys and client ids", async () => {
    const file = join(lab.nodes.folder, "moved.dump");
    assert.equal(await moveDatabase(pulumi, { yes: true, file }), 0);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await lab.stack.up();
    await assertSame();
    assert.deepEqual((await lab.inventory()).services, [`${prefix}-server`, `${prefix}-worker`]);
    assert.equal((await containers())?.filter((name) => /-(postgres|server|worker)$/.test(name)).length, 0);
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("moves back to one host, with the database outside", async () => {
    await lab.stack.capture(["config", "rm", "swarm"]);
    await lab.stack.configure({ plain: onOneHost });
    await lab.stack.up();
    await assertSame();
    assert.deepEqual((await lab.inventory()).services, []);
    assert.deepEqual(await containers(), [`${prefix}-server`, `${prefix}-worker`]);
    assertUnchanged(await lab.stack.up("--refresh"));
  });

  it("moves into the swarm again, and is gone after destroy", async () => {
    for (const key of ["swarm", "httpBindAddress"]) await lab.stack.unset(key);
    await lab.stack.configure({ plain: inSwarm });
    await lab.stack.up();
    await assertSame();
    await lab.stack.destroy();
    const { volumes, ...rest } = await lab.inventory();
    assert.deepEqual(rest, { services: [], secrets: [], configs: [], networks: [], containers: [] });
    assert.deepEqual(volumes, []);
  });

  /** The names and keys that people, Proxmox and tokens depend on, in authentik and on Proxmox. */
  async function identities(): Promise<unknown> {
    const lists = kept.map(async (path) => {
      const { results } = await lab.inAuthentik("GET", `${path}?page_size=100&ordering=pk`);
      assert.ok(Array.isArray(results));
      return results
        .map(Object)
        .map(({ pk, username, name, client_id, client_secret, fingerprint_sha256 }) =>
          JSON.stringify({ pk, username, name, client_id, client_secret, fingerprint_sha256 }),
        )
        .sort();
    });
    return { inAuthentik: await Promise.all(lists), realm: await realm() };
  }

  const realm = () => lab.inProxmox("GET", "/access/domains/authentik");

  async function assertSame(): Promise<void> {
    await loginOf(lab, "alice", password);
    assert.deepEqual(await identities(), known);
    const writes = lab.requests.filter((request) => /^(PUT|POST|DELETE) \S*\/access\/domains/.test(request));
    assert.deepEqual(writes, [], "the realm is never touched");
  }
});
