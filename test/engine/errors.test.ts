import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { rootCertificates } from "node:tls";
import { sample } from "../tools/sample";
import { configFor, useEngine } from "./harness";
import { complete, empty, type Inventory, oldest, type Servers } from "./servers";
import type { ConfigValues } from "./stack";

/** A valid CA that has signed no certificate here. */
const anotherCa = rootCertificates.find((pem) => Date.parse(new X509Certificate(pem).validTo) > Date.now());

/** Mistakes in the order in which an `up` meets them, each with the objects that exist afterwards. */
interface Mistake {
  title: string;
  config(servers: Servers): Promise<Partial<ConfigValues>> | Partial<ConfigValues>;
  message: RegExp;
  made: Inventory;
}

const untilRealm: Inventory = { ...complete, realms: [] };

const mistakes: Mistake[] = [
  {
    title: "a wrong URL of authentik",
    config: () => ({ plain: { authentikApiUrl: "http://127.0.0.1:1" } }),
    message:
      /authentik refuses connections at http:\/\/127\.0\.0\.1:1\. Check that it is running, and that the port is right\./,
    made: empty,
  },
  {
    title: "a TLS certificate of authentik that is not trusted",
    config: ({ authentik }) => ({ plain: { authentikApiUrl: authentik.httpsUrl } }),
    message:
      /authentik at https:\S+ has a TLS certificate from a CA that is not trusted here .*Give its CA as/,
    made: empty,
  },
  {
    title: "a wrong authentik token",
    config: () => ({ secret: { authentikToken: "wrong-authentik-token" } }),
    message:
      /authentik refuses the API token in config key "pulumi-nodejs:authentikToken" .*the token is wrong or expired/,
    made: empty,
  },
  {
    title: "a TLS certificate of Proxmox that is not trusted",
    config: () => ({ plain: { proxmoxCa: anotherCa ?? "" } }),
    message:
      /Proxmox at https:\S+ has a TLS certificate from a CA that is not trusted here .*Give its CA as `proxmoxCa`/,
    made: untilRealm,
  },
  {
    title: "a wrong Proxmox token",
    config: () => ({ secret: { proxmoxToken: "root@pam!engine=00000000-0000-4000-8000-000000000000" } }),
    message: /Proxmox refuses the API token in config key "pulumi-nodejs:proxmoxToken"/,
    made: untilRealm,
  },
  {
    title: "a Proxmox token that lacks the privileges",
    async config(servers) {
      const path = "/access/users/root%40pam/token/powerless";
      const { value } = await servers.inProxmox("POST", path, { privsep: "1" });
      return { secret: { proxmoxToken: `root@pam!powerless=${value}` } };
    },
    message:
      /Proxmox refuses [A-Z]+ \S+: Permission check failed \(\/access\/realm, Realm\.Allocate.*Missing: .*Grant them as root on a node/,
    made: untilRealm,
  },
  {
    title: "a wrong password of the test user",
    config: () => ({ secret: { testPassword: "wrong-test-password" } }),
    message: /authentik does not let the test user "akadmin" in: .*Check the proof's user name and password/,
    made: complete,
  },
];

/** test/resources makes each mistake without the CLI. */
const samples = [
  "a wrong URL of authentik",
  "a TLS certificate of Proxmox that is not trusted",
  "a Proxmox token that lacks the privileges",
  "a wrong password of the test user",
];

describe("a mistake", () => {
  const engine = useEngine(oldest);

  for (const { title, config, message, made } of sample(mistakes, ({ title }) => samples.includes(title))) {
    it(`is one clear error: ${title}`, async () => {
      const { servers, stack } = engine;
      const right = configFor(servers);
      const wrong = await config(servers);
      await stack.configure({
        plain: { ...right.plain, authentikApiUrl: "", ...wrong.plain },
        secret: { ...right.secret, ...wrong.secret },
      });
      const output = await stack.failingUp();
      const errors = output.slice(output.indexOf("Diagnostics:")).match(/error: Unable to .*/g) ?? [];
      assert.equal(errors.length, 1, output);
      assert.match(String(errors[0]), message);
      for (const secret of Object.values(wrong.secret ?? {})) assert.ok(!output.includes(secret));
      assert.deepEqual(await servers.inventory(), made);
    });
  }

  it("is cheap to fix: the next up repeats only the failed steps", async () => {
    await engine.stack.configure(configFor(engine.servers));
    const requests = await engine.servers.requestsOf(async () => {
      assert.match(await engine.stack.up(), /logged in through authentik/);
    });
    const repeated = requests.filter((request) =>
      /\/api\/v3\/(?!flows\/executor)|\/access\/domains/.test(request),
    );
    assert.deepEqual(repeated, []);
    assert.deepEqual(await engine.servers.inventory(), complete);
  });
});
