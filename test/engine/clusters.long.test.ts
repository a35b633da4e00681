import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { doctorContextOf } from "../../cli/doctor/context";
import { diagnose } from "../../cli/doctor/diagnose";
import { projectRoot } from "../../cli/paths";
import { withDrift } from "../../cli/show/drift";
import { withMembers } from "../../cli/show/members";
import { overviewOf } from "../../cli/show/overview";
import { withRealmUsers } from "../../cli/show/realm-users";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { credentialKey } from "../../providers/core/credentials";
import { clientOf } from "../lab/proxmox-client";
import { inFullRun } from "../tools/sample";
import { assertUnchanged, changes, configFor, Engine } from "./harness";
import { Servers } from "./servers";
import { Stack } from "./stack";

const groupsEach = 10;
/** They create a hundred and fifty resources at once, at the same time as other tests. */
const limitMs = 180_000;
const token = "root@pam!engine=0b9e3e9c-5d5c-4a3c-8a6e-3f6f0f0f5d11";

const releases = { north: "9.2", south: "9.0", west: "7.4" };

/** Groups of this cluster only, and one that all clusters share. */
function accessOf(cluster: string): Record<string, string> {
  const own = Array.from({ length: groupsEach - 1 }, (_, index) => `${cluster}-${index}`);
  // Proxmox VE 7.4 does not read groups at login.
  const members = cluster === "west" ? [...own, "authentik Admins"] : [];
  return Object.fromEntries([
    ...members.map((group) => [`clusters.${cluster}.access["${group}"].members[0]`, "akadmin"]),
    ...own.map((group) => [`clusters.${cluster}.access["${group}"]["/vms"]`, "PVEVMUser"]),
    [`clusters.${cluster}.access["authentik Admins"].as`, "admins"],
    [`clusters.${cluster}.access["authentik Admins"]["/"]`, "Administrator"],
  ]);
}

describe("three clusters of different releases on one authentik", () => {
  const engine = new Engine();
  const nodes: Record<string, RunningProxmox> = {};

  async function groupsOn(cluster: string): Promise<unknown[]> {
    const node = nodes[cluster];
    assert.ok(node);
    const api = clientOf(node, token);
    const { data } = await api.call("GET", "/access/groups");
    await api.close();
    return Object.values(Object(data)).map((group) => Object(group).groupid);
  }

  /** The doctor's warnings and failures, by cluster. */
  async function complaints(): Promise<string[]> {
    const findings = await diagnose(await doctorContextOf((args) => engine.stack.capture(args)));
    for (const cluster of ["north", "south", "west"]) {
      assert.ok(findings.some((finding) => finding.cluster === cluster));
    }
    const bad = findings.filter(({ level }) => level === "fail" || level === "warn");
    return bad.map(({ cluster, check, found }) => `${cluster} ${check}: ${found}`);
  }

  before(async () => {
    engine.servers = await Servers.start();
    for (const [cluster, release] of Object.entries(releases)) {
      nodes[cluster] = await startProxmox({
        port: 0,
        release,
        rootPassword: "engine-root",
        tokens: [token],
        authenticationDelayMs: 0,
        onRequest: ({ method, path }) => engine.servers.requests.push(`${cluster} ${method} ${path}`),
      });
    }
    const { plain, secret } = configFor(engine.servers);
    const { "proxmoxAddresses[0]": _, proxmoxCa: __, allowEveryone: ___, ...others } = plain;
    const { proxmoxToken: ____, ...secrets } = secret;
    for (const [cluster, { url, caPem }] of Object.entries(nodes)) {
      others[`clusters.${cluster}.addresses[0]`] = url;
      // Next to the token, it is not in the state.
      others[cluster === "south" ? credentialKey("proxmoxCa-south") : `clusters.${cluster}.ca`] = caPem;
      Object.assign(others, accessOf(cluster));
      secrets[`proxmoxToken-${cluster}`] = token;
    }
    others["clusters.west.exclusiveAccess"] = "false";
    engine.stack = await Stack.create({ plain: others, secret: secrets }, projectRoot, limitMs);
  });

  after(async () => {
    await engine.stack?.remove();
    await Promise.all(Object.values(nodes).map((node) => node.close()));
    await engine.servers?.stop();
  });

  it("converge in one up, and create a shared group once", async () => {
    const output = await engine.stack.up();
    for (const cluster of ["north", "south", "west"]) {
      assert.equal((await groupsOn(cluster)).length, groupsEach);
      assert.match(output, new RegExp(`${cluster}-proof created`));
    }
    for (const cluster of ["north", "south"]) {
      assert.match(output, new RegExp(`${cluster}-only-permissions created`));
    }
    // If others may add bindings, nothing is exclusive. The closing binding exists in both cases.
    assert.doesNotMatch(output, /west-only-permissions/);
    assertUnchanged(await engine.stack.up());
    assert.deepEqual(await complaints(), []);
    // All nodes of this process have the same CA.
    const line = nodes.north?.caPem.split(/\r?\n/)[8] ?? "none";
    assert.ok(!(await engine.stack.export()).includes(line), "a CA next to a token is in the state");
    const groups = await engine.servers.listInAuthentik("core/groups/");
    const ours = groups.filter(({ name }) => /^(north|south|west)-/.test(String(name)));
    assert.equal(ours.length, 3 * (groupsEach - 1));
  });

  it("are shown with who may do what, from the state and both servers", async () => {
    const exported: unknown = JSON.parse(await engine.stack.export());
    const made = overviewOf("engine", exported);
    const pulumi = (args: string[]) => engine.stack.capture(args);
    const overview = await withRealmUsers(await withMembers(made, exported, pulumi), exported, pulumi);
    const { clusters, authentik } = overview;
    assert.deepEqual(clusters.map(({ name, users }) => [name, users]).sort(), [
      ["north", []],
      ["south", []],
      ["west", ["akadmin@authentik"]],
    ]);
    assert.match(authentik.version, /^\d{4}\./);
    assert.deepEqual(clusters.map(({ name, isOpen }) => [name, isOpen]).sort(), [
      ["north", false],
      ["south", false],
      ["west", false],
    ]);
    for (const { groups, proof, certificates } of clusters) {
      assert.equal(groups.length, groupsEach);
      const admins = groups.find(({ group }) => group === "authentik Admins");
      assert.deepEqual(admins?.grants, ["Administrator on /"]);
      assert.deepEqual(admins?.members, ["akadmin"]);
      assert.match(`${proof?.summary}`, /logged in through authentik/);
      assert.equal(certificates.length, 1);
    }
  });

  it("are shown with the changes that somebody has made on a server", async () => {
    const [application] = (await engine.servers.listInAuthentik("core/applications/")).filter(({ slug }) =>
      String(slug).endsWith("-north"),
    );
    const path = `core/applications/${application?.slug}/`;
    await engine.servers.inAuthentik("PATCH", path, { meta_publisher: "by hand" });
    const exported: unknown = JSON.parse(await engine.stack.export());
    const pulumi = (args: string[]) => engine.stack.capture(args);
    const { clusters, authentik } = await withDrift(overviewOf("engine", exported), exported, pulumi);
    assert.deepEqual(Object.fromEntries(clusters.map(({ name, drift }) => [name, drift])), {
      north: ["north-application: publisher"],
      south: [],
      west: [],
    });
    assert.deepEqual(authentik.drift, []);
    await engine.servers.inAuthentik("PATCH", path, { meta_publisher: application?.meta_publisher });
  });

  // continue-on-error.test.ts has two clusters, one of which cannot be reached.
  inFullRun(() => {
    it("converge except the unreachable one, which is named and keeps everything", async () => {
      await engine.stack.configure({
        plain: {
          "clusters.west.apiUrl": "https://127.0.0.1:1",
          'clusters.north.access["late"]["/vms"]': "PVEVMUser",
        },
      });
      const output = await engine.stack.failingUp("--continue-on-error");
      assert.match(output, /Unable to update the Proxmox \w+ ".*127\.0\.0\.1:1/s);
      assert.match(output, /north-proof updated/);
      assert.doesNotMatch(output, / deleted/);
      assert.equal((await groupsOn("north")).length, groupsEach + 1);
      assert.equal((await groupsOn("west")).length, groupsEach);
      const [complaint, ...others] = await complaints();
      assert.match(`${complaint}`, /^west Proxmox answers: .*127\.0\.0\.1:1/);
      assert.deepEqual(others, [], "the doctor blames no other one");

      await engine.stack.unset("clusters.west.apiUrl");
      await engine.stack.up();
      assertUnchanged(await engine.stack.up());
      assert.deepEqual(await complaints(), []);
    });
  });

  it("are unchanged when another one gets a group", async () => {
    await engine.stack.configure({ plain: { 'clusters.south.access["more"]["/vms"]': "PVEVMUser" } });
    const requests = await engine.servers.requestsOf(async () => {
      const output = await engine.stack.up();
      assert.deepEqual(changes(output).slice(0, 2), ["+ 4 created", "~ 4 updated"], output);
    });
    assert.deepEqual(
      requests.filter((request) => /^(north|west) /.test(request)),
      [],
    );
  });

  it("are destroyed together", async () => {
    await engine.stack.destroy();
    for (const cluster of Object.keys(nodes)) assert.deepEqual(await groupsOn(cluster), []);
    assert.deepEqual(await engine.servers.listInAuthentik("providers/oauth2/"), []);
  });
});

// test/ownership/moves.test.ts tries it without the CLI.
describe("a new cluster with the former slug of another one", () => {
  it("gets objects of its own in the same run", async () => {
    const servers = await Servers.start();
    const node = await startProxmox({
      port: 0,
      release: "9.2",
      rootPassword: "engine-root",
      tokens: [token],
      authenticationDelayMs: 0,
    });
    const { plain, secret } = configFor(servers);
    const { proxmoxCa = "", "proxmoxAddresses[0]": address = "", ...rest } = plain;
    const { proxmoxToken = "", ...credentials } = secret;
    const cluster = (key: string, slug: string, url: string, ca: string): Record<string, string> => ({
      [`clusters.${key}.addresses[0]`]: url,
      [`clusters.${key}.ca`]: ca,
      [`clusters.${key}.applicationSlug`]: slug,
      [`clusters.${key}.applicationName`]: `Proxmox ${slug}`,
    });
    const stack = await Stack.create({
      plain: { ...rest, ...cluster("zurich", "one", address, proxmoxCa) },
      secret: { ...credentials, "proxmoxToken-zurich": proxmoxToken, "proxmoxToken-berlin": token },
    });
    try {
      await stack.up();
      const before = await servers.provider();
      await stack.configure({
        plain: {
          ...cluster("zurich", "two", address, proxmoxCa),
          ...cluster("berlin", "one", node.url, node.caPem),
        },
      });
      await stack.up();
      const providers = await servers.listInAuthentik("providers/oauth2/");
      assert.equal(providers.find(({ pk }) => pk === before.pk)?.name, "Proxmox two");
      assertUnchanged(await stack.up());
    } finally {
      await stack.remove();
      await node.close();
      await servers.stop();
    }
  });
});
