import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { RELEASED } from "../../lab/authentik/profile";
import { applicationDefinition } from "../../providers/authentik/application";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { created } from "./created";
import { joinedRealm } from "./joined-realm";
import { Life } from "./life";
import { serveTls } from "./serve-tls";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, providerOf } from "./simulators";

suite("the proof on two nodes with separate trust stores", () => {
  const folder = mkdtempSync(join(tmpdir(), "proof-"));
  const trust = join(folder, "authentik.pem");
  const authentik = new AuthentikSimulator("2026.5", { tlsTickSeconds: 0.05 });
  const first = new ProxmoxSimulator("9.2", trust);
  const second = new ProxmoxSimulator("9.2");
  let chain: Properties;

  before(async () => {
    const ca = await serveTls(authentik);
    writeFileSync(trust, ca);

    const inAuthentik = { authentik: authentik.connection };
    const signing = await created(certificateDefinition, {
      ...inAuthentik,
      name: "signing",
      commonName: "localhost",
      serialNumber: "01",
    });
    const client = { clientId: "client", clientSecret: "secret" };
    const addresses = [first, second].map(({ connection }) => connection.url);
    const provider = await created(oauth2ProviderDefinition, {
      ...inAuthentik,
      ...client,
      name: "PVE",
      redirectUris: addresses.map((url) => ({ url })),
      signingKey: signing.pk,
    });
    await created(applicationDefinition, {
      ...inAuthentik,
      name: "PVE",
      slug: "pve",
      provider: provider.pk,
    });
    const issuerUrl = `${authentik.running.httpsUrl}/application/o/pve/`;
    for (const { connection } of [first, second]) {
      await created(openIdRealmDefinition, {
        proxmox: connection,
        realm: "corp",
        issuerUrl,
        clientId: client.clientId,
        clientKey: client.clientSecret,
      });
    }
    chain = {
      proxmox: first.connection,
      realm: "corp",
      issuerUrl,
      signingFingerprint: signing.fingerprint,
      redirectUris: addresses,
      authentikCaCertificate: ca,
    };
  });
  after(() => rmSync(folder, { recursive: true }));

  test("names only the node that does not trust authentik's CA", async () => {
    const life = new Life(await providerOf(loginProofDefinition));
    await assert.rejects(life.create(chain), ({ message }: Error) => {
      assert.match(message, new RegExp(`At ${second.connection.url}: .*does not trust the CA`));
      assert.match(message, /update-ca-certificates/);
      return !message.includes(`At ${first.connection.url}`);
    });
  });

  test("asks the API's node once if it is an address too", async () => {
    const before = first.requests.length;
    await created(loginProofDefinition, { ...chain, redirectUris: [first.connection.url] });
    assert.deepEqual(first.requests.slice(before), ["POST /api2/json/access/openid/auth-url"]);
  });

  test("accepts authentik by a pinned fingerprint, and no other server", async () => {
    const { authentikCaCertificate, ...untrusting } = chain;
    const redirectUris = [first.connection.url];
    const { fingerprint256 } = new X509Certificate(String(authentikCaCertificate));
    const pinned = { ...untrusting, redirectUris, authentikFingerprint: fingerprint256 };
    assert.match(String((await created(loginProofDefinition, pinned)).summary), /agree on issuer/);
    const life = new Life(await providerOf(loginProofDefinition));
    await assert.rejects(
      life.create({ ...pinned, authentikFingerprint: "00".repeat(32) }),
      /another TLS certificate than the pinned one/,
    );
  });

  test("passes with a warning if a node is unreachable from here, and the API's node confirms its redirect URI", async () => {
    await second.stop();
    const { summary } = await created(loginProofDefinition, chain);
    assert.match(String(summary), /redirect URI for 2 addresses/);
    assert.match(
      String(summary),
      new RegExp(
        `Some addresses cannot be reached from here.*Proxmox refuses connections at ${second.connection.url}\\.`,
      ),
    );
  });
});

/** Everything that a login on this Proxmox requires, except the proof. */
async function joined(
  authentik: AuthentikSimulator,
  proxmox: ProxmoxSimulator,
  signing: { pk: unknown; fingerprint: unknown },
) {
  const inAuthentik = { authentik: authentik.connection };
  const { url } = proxmox.connection;
  const slug = `pve-${new URL(String(url)).port}`;
  const client = { clientId: slug, clientSecret: "secret" };
  const provider = await created(oauth2ProviderDefinition, {
    ...inAuthentik,
    ...client,
    name: slug,
    redirectUris: [{ url }],
    signingKey: signing.pk,
  });
  await created(applicationDefinition, { ...inAuthentik, name: slug, slug, provider: provider.pk });
  const issuerUrl = `${authentik.running.httpUrl}/application/o/${slug}/`;
  const realm = { proxmox: proxmox.connection, realm: "corp", issuerUrl };
  await created(openIdRealmDefinition, {
    ...realm,
    clientId: client.clientId,
    clientKey: client.clientSecret,
  });
  return { provider, chain: { ...realm, signingFingerprint: signing.fingerprint, redirectUris: [url] } };
}

async function prove(chain: Properties): Promise<unknown> {
  const life = new Life(await providerOf(loginProofDefinition, { testPassword: "p4ssword-of-akadmin" }));
  await life.create(chain);
  return life.state.summary;
}

const testUser = { username: "akadmin", passwordConfigKey: "testPassword" };

suite("the proof on the released authentik 2026.5, which allows only the grants in a provider's list", () => {
  const authentik = new AuthentikSimulator(RELEASED);
  const proxmox = new ProxmoxSimulator("9.2");
  let made: Awaited<ReturnType<typeof joined>>;

  before(async () => {
    const inAuthentik = { authentik: authentik.connection };
    const given = { ...inAuthentik, name: "signing", commonName: "localhost", serialNumber: "01" };
    const { pk, fingerprint } = await created(certificateDefinition, given);
    made = await joined(authentik, proxmox, { pk, fingerprint });
  });

  test("logs in, because the provider has the grant that Proxmox uses", async () => {
    assert.match(String(await prove({ ...made.chain, testUser })), /"akadmin@corp" logged in/);
  });

  test("reports that this grant is missing, without a test user too", async () => {
    await authentik.call("PATCH", `providers/oauth2/${made.provider.pk}/`, { grant_types: ["password"] });
    const message =
      /refuses the login: The request is otherwise malformed \(invalid_request\)\..*grant types lack authorization_code\. Run pulumi refresh/;
    await assert.rejects(prove(made.chain), { message });
    await assert.rejects(prove({ ...made.chain, testUser }), { message });
  });
});

suite("the proof with an elliptic-curve signing key", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const newest = new ProxmoxSimulator("9.2");
  const older = new ProxmoxSimulator("8.4");

  test("reports that it is untested on an older Proxmox, unless a test user logs in", async () => {
    const { pk, fingerprint_sha256: fingerprint } = await authentik.call(
      "POST",
      "crypto/certificatekeypairs/generate/",
      { common_name: "elliptic", validity_days: 10, alg: "ecdsa" },
    );
    const onNewest = await joined(authentik, newest, { pk, fingerprint });
    const onOlder = await joined(authentik, older, { pk, fingerprint });
    const warning = /elliptic \(ES256\).*tested only with Proxmox VE 9\.2, and this is 8\.4.*use an RSA key/;
    assert.match(String(await prove(onOlder.chain)), warning);
    assert.doesNotMatch(String(await prove({ ...onOlder.chain, testUser })), /elliptic/);
    assert.doesNotMatch(String(await prove(onNewest.chain)), /elliptic/);
  });
});

suite("many proofs of one authentik at a time", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");

  test("wait for each other, and do not overload it", async () => {
    const chain = { proxmox: proxmox.connection, ...(await joinedRealm(authentik, proxmox)) };
    const before = authentik.running.requests.length;
    const begun = () =>
      authentik.running.requests.slice(before).filter(({ path }) => path.endsWith("/jwks/")).length;
    const proofs = Array.from({ length: 20 }, () => prove(chain));
    await Promise.race(proofs);
    // Each proof requests its list of keys twice: from here and from the node. One more may have started.
    assert.ok(begun() <= 2 * 4 + 1, `${begun()}`);
    await Promise.all(proofs);
    assert.equal(begun(), 2 * proofs.length);
  });
});

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const proxmox = new ProxmoxSimulator("9.2");

  test(`a claim of groups that no mapping emits is reported, with the claims that authentik ${profile} emits`, async () => {
    const chain = { proxmox: proxmox.connection, ...(await joinedRealm(authentik, proxmox)) };
    const life = new Life(await providerOf(loginProofDefinition));
    await life.create({ ...chain, groupsClaim: "groups" });
    await assert.rejects(life.create({ ...chain, groupsClaim: "teams" }), {
      name: "UserError",
      message: /does not send the claim "teams".* It sends .*preferred_username, .*groups\. .*Run/,
    });

    const mapping = { name: "teams", scope_name: "teams", expression: 'return {"teams": []}' };
    const made = await authentik.call("POST", "propertymappings/provider/scope/", mapping);
    const { pk, property_mappings } = await authentik.find("providers/oauth2/?name=PVE");
    await authentik.call("PATCH", `providers/oauth2/${pk}/`, {
      property_mappings: [...Object(property_mappings), made.pk],
    });
    await life.create({ ...chain, groupsClaim: "teams" });
  });
}
