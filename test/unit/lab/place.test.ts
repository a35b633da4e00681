import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { parse } from "yaml";
import { unusualPorts, usualPlace, withAll, withFreePorts } from "../../../lab/local/place";
import { mergeStackConfig } from "../../../lab/local/stack-config";
import { freePort } from "../../tools/free-port";

const nothingOurs = () => Promise.resolve(false);

test("a lab uses the usual ports if they are free, and prints nothing about them", async () => {
  const place = await withFreePorts(usualPlace, nothingOurs, () => Promise.resolve(false));
  assert.deepEqual(place, usualPlace);
  assert.deepEqual(unusualPorts(place), []);
});

test("if another program uses a port, the lab chooses another one and prints it", async (t) => {
  const port = await freePort();
  const other = createServer().listen(port, "127.0.0.1");
  t.after(() => other.close());
  const place = await withFreePorts({ ...usualPlace, authentikHttp: port }, nothingOurs);
  assert.ok(place.authentikHttp > port);
  const taken = new Set([9443, 9453]);
  const far = await withFreePorts(usualPlace, nothingOurs, (at) => Promise.resolve(taken.has(at)));
  assert.deepEqual(far, { ...usualPlace, authentikHttps: 9463 });
  assert.deepEqual(unusualPorts(far), ["authentik is on 9463, since port 9443 is taken."]);
});

test("a lab keeps the ports on which it already listens", async () => {
  const place = await withFreePorts(
    usualPlace,
    (port) => Promise.resolve(port === "proxmox"),
    (at) => Promise.resolve(at === 8006 || at === 9000),
  );
  assert.deepEqual(place, { ...usualPlace, authentikHttp: 9010 });
});

test("a lab with all products has a port for each, keeps it, and finds others in use", async () => {
  const taken = new Set([8007, 8443, 8453]);
  const place = await withFreePorts(withAll(usualPlace), nothingOurs, (at) => Promise.resolve(taken.has(at)));
  assert.deepEqual(place, { ...usualPlace, backup: 8017, "datacenter-manager": 8463 });
  assert.deepEqual(unusualPorts(place), [
    "Backup Server is on 8017, since port 8007 is taken.",
    "Datacenter Manager is on 8463, since port 8443 is taken.",
  ]);
  assert.deepEqual(withAll(place), place);
});

test("the search for a free port ends", async () => {
  await assert.rejects(
    withFreePorts(usualPlace, nothingOurs, () => Promise.resolve(true)),
    /no free port from 9000 on/,
  );
});

test("the lab's addresses override those in the committed file", () => {
  const committed = "config:\n  proxmox-authentik-sso:httpsPort: 9443\n  proxmox-authentik-sso:realm: x\n";
  assert.deepEqual(parse(mergeStackConfig(committed, "", { httpsPort: 9453, prefix: "second" })).config, {
    "proxmox-authentik-sso:httpsPort": 9453,
    "proxmox-authentik-sso:realm": "x",
    "proxmox-authentik-sso:prefix": "second",
  });
});
