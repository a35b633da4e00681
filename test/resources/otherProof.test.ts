import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { type RunningAccessControl, startAccessControl } from "../../lab/access-control/server";
import { otherProducts } from "../../providers/accessControl/products";
import { applicationDefinition } from "../../providers/authentik/application";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { bothProducts } from "./access-control-simulator";
import { created } from "./created";
import { Life } from "./life";
import { serveTls } from "./serve-tls";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";

const token = "root@pam!test:11111111-1111-4111-8111-111111111111";
const testPassword = "p4ssword-of-alice";

/** A fault, and what the proof must say about it. */
type Fault = readonly [
  what: string,
  plant: (server: RunningAccessControl) => unknown,
  says: (name: string) => RegExp,
];

suite("the proof on Backup Server and Datacenter Manager names each broken link", () => {
  const folder = mkdtempSync(join(tmpdir(), "other-proof-"));
  const authentik = new AuthentikSimulator("2026.5", { tlsTickSeconds: 0.05 });
  let ca = "";
  let provider: Properties;
  let signing: Properties;
  const issuerUrl = () => `${authentik.running.httpsUrl}/application/o/other/`;

  before(async () => {
    ca = await serveTls(authentik);
    writeFileSync(join(folder, "ca.pem"), ca);
    const inAuthentik = { authentik: authentik.connection };
    signing = await created(certificateDefinition, {
      ...inAuthentik,
      name: "signing",
      commonName: "localhost",
      serialNumber: "01",
    });
    provider = await created(oauth2ProviderDefinition, {
      ...inAuthentik,
      name: "Other",
      clientId: "client",
      clientSecret: "secret",
      redirectUris: [{ url: "https://unused.example.com" }],
      signingKey: signing.pk,
    });
    await created(applicationDefinition, {
      ...inAuthentik,
      name: "Other",
      slug: "other",
      provider: provider.pk,
    });
    const alice = await authentik.call("POST", "core/users/", { username: "alice", name: "Alice" });
    await authentik.call("POST", `core/users/${alice.pk}/set_password/`, { password: testPassword });
  });
  after(() => rmSync(folder, { recursive: true }));

  const realm = (options: Properties) => (server: RunningAccessControl) => {
    const { realms } = server.node.store;
    const [one] = realms.all.filter(({ id }) => id === "authentik");
    assert.ok(one);
    realms.set(Object.assign({}, one, { options: { ...one.options, ...options } }));
  };
  const user =
    (options: Record<string, boolean | number>) =>
    ({ node }: RunningAccessControl) =>
      node.store.users.set({ type: "user", id: "alice@authentik", options });
  const inAuthentik = (changes: Properties) => () =>
    authentik.call("PATCH", `providers/oauth2/${provider.pk}/`, changes);

  const faults: readonly Fault[] = [
    [
      "a CA that the server does not trust",
      () => writeFileSync(join(folder, "ca.pem"), ""),
      (name) =>
        new RegExp(
          `${name} says 400 "Request failed"\\..*${name} cannot reach it, or does not trust the CA.*update-ca-certificates`,
          "s",
        ),
    ],
    [
      "another issuer",
      (server) => realm({ "issuer-url": issuerUrl().replace(/\/$/, "") })(server),
      (name) => new RegExp(`${name} says 400 .*unexpected issuer URI .*They must be equal byte by byte`, "s"),
    ],
    [
      "a redirect URI that authentik does not have",
      inAuthentik({ redirect_uris: [{ matching_mode: "strict", url: "https://elsewhere.example.com" }] }),
      () =>
        /authentik refuses the redirect URI `https:\/\/localhost:\d+`: the provider.s list does not have it/,
    ],
    [
      "another client key",
      realm({ "client-key": "another" }),
      (name) => new RegExp(`${name} says 401 "Failed to contact token endpoint.*the client key .*differs`),
    ],
    [
      "a claim that authentik does not send",
      realm({ "username-claim": "employee" }),
      (name) => new RegExp(`${name} says 401 "missing claim 'employee'"\\. .*\`usernameClaim\``),
    ],
    [
      "a user who is disabled there",
      user({ enable: false }),
      (name) => new RegExp(`${name} says 401 ".*(disabled).*"\\. .*[Ee]nable`),
    ],
    [
      "a user who has expired there",
      user({ expire: 1 }),
      (name) => new RegExp(`${name} says 401 ".*"\\. The user has expired there`),
    ],
    [
      "a realm that is gone",
      ({ node }) => node.store.realms.delete("authentik"),
      (name) => new RegExp(`${name} says 400 "no such openid.*The realm is not there\\. Run pulumi refresh`),
    ],
  ];

  for (const product of bothProducts) {
    const { name, tokenConfigKey } = otherProducts[product];

    suite(name, () => {
      let server: RunningAccessControl;
      before(async () => {
        server = await startAccessControl({
          product,
          port: 0,
          rootPassword: "p4ssword",
          tokens: [token],
          trust: join(folder, "ca.pem"),
          authenticationDelayMs: 0,
        });
        await right();
      });
      after(() => server.close());

      async function right(): Promise<void> {
        writeFileSync(join(folder, "ca.pem"), ca);
        const { realms, users } = server.node.store;
        users.delete("alice@authentik");
        realms.set({
          type: "openid",
          id: "authentik",
          options: {
            "issuer-url": issuerUrl(),
            "client-id": "client",
            "client-key": "secret",
            "username-claim": "username",
            autocreate: true,
          },
        });
        await inAuthentik({ redirect_uris: [{ matching_mode: "strict", url: server.url }] })();
      }

      async function prove(): Promise<string> {
        const credentials = { [tokenConfigKey]: token, testPassword };
        const life = new Life(await providerOf(loginProofDefinition, credentials));
        await life.create({
          proxmox: { url: server.url, caCertificate: server.caPem, tokenConfigKey },
          product,
          realm: "authentik",
          issuerUrl: issuerUrl(),
          signingFingerprint: signing.fingerprint,
          redirectUris: [server.url],
          authentikCaCertificate: ca,
          testUser: { username: "alice", passwordConfigKey: "testPassword" },
        });
        return String(life.state.summary);
      }

      test("and passes if none is broken", async () => {
        assert.match(await prove(), new RegExp(`^"alice@authentik" logged in to ${name} through authentik`));
      });

      for (const [what, plant, says] of faults) {
        test(what, async () => {
          await plant(server);
          const failure = await prove().then(
            (summary) => summary,
            ({ message }: Error) => message,
          );
          await right();
          assert.match(failure, says(name));
        });
      }
    });
  }
});
