import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { parse } from "yaml";
import { unusualPorts, usualPlace, withFreePorts } from "../../../lab/local/place";
import { mergeStackConfig } from "../../../lab/local/stack-config";
import { freePort } from "../../free-port";

const nothingOurs = () => Promise.resolve(false);

test("a lab is on the usual ports where these are free, and says nothing of them", async () => {
  const place = await withFreePorts(usualPlace, nothingOurs, () => Promise.resolve(false));
  assert.deepEqual(place, usualPlace);
  assert.deepEqual(unusualPorts(place), []);
});

test("a port where another program listens is left to it, and the lab says where it is instead", async (t) => {
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

test("what listens on a port is left there where it is this lab's own", async () => {
  const place = await withFreePorts(
    usualPlace,
    (port) => Promise.resolve(port === "proxmox"),
    (at) => Promise.resolve(at === 8006 || at === 9000),
  );
  assert.deepEqual(place, { ...usualPlace, authentikHttp: 9010 });
});

test("there is an end to looking for a port", async () => {
  await assert.rejects(
    withFreePorts(usualPlace, nothingOurs, () => Promise.resolve(true)),
    /no free port from 9000 on/,
  );
});

test("where the lab is goes before what the committed file says", () => {
  const committed = "config:\n  proxmox-authentik-sso:httpsPort: 9443\n  proxmox-authentik-sso:realm: x\n";
  assert.deepEqual(parse(mergeStackConfig(committed, "", { httpsPort: 9453, prefix: "second" })).config, {
    "proxmox-authentik-sso:httpsPort": 9453,
    "proxmox-authentik-sso:realm": "x",
    "proxmox-authentik-sso:prefix": "second",
  });
});
