import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { createCertificateAuthority, issueCertificate, type KeyPair } from "../../pki/certificate";
import { applicationDefinition } from "../../providers/authentik/application";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { credentialKey } from "../../providers/core/credentials";
import type { AnyDefinition } from "../../providers/core/definition";
import { DefinedProvider } from "../../providers/core/provider";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { freePort } from "../free-port";
import { clientOf } from "../lab/proxmox-client";

type Properties = Record<string, unknown>;

const authentikToken = "t0ken-of-authentik-for-the-doctor";
const proxmoxToken = `root@pam!doctor=${randomUUID()}`;
export const passwordOfAkadmin = "p4ssword-of-akadmin";
const tlsTickSeconds = 0.05;

/** Both servers as after an `up`, authentik with a certificate of a CA that the Proxmox node trusts. */
export class Lab {
  private constructor(
    readonly folder: string,
    private readonly ca: KeyPair,
    readonly authentik: RunningAuthentik,
    readonly proxmox: RunningProxmox,
    private readonly proxmoxApi: ReturnType<typeof clientOf>,
    private readonly docker: Server,
  ) {}

  static async start(): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), "doctor-"));
    const ca = await createCertificateAuthority("doctor CA");
    const authentik = await startAuthentik({
      bootstrap: { token: authentikToken, password: passwordOfAkadmin },
      rsaBits: 2048,
      tlsTickSeconds,
    });
    const proxmox = await startProxmox({
      port: 0,
      rootPassword: "p4ssword",
      tokens: [proxmoxToken],
      trust: join(folder, "ca.pem"),
      authenticationDelayMs: 0,
    });
    const docker = await fakeDocker(join(folder, "docker.sock"));
    const lab = new Lab(folder, ca, authentik, proxmox, clientOf(proxmox, proxmoxToken), docker);
    await lab.trustOurs();
    await lab.serveTls("localhost");
    await lab.up();
    return lab;
  }

  async stop(): Promise<void> {
    this.docker.close();
    await this.proxmoxApi.close();
    await this.proxmox.close();
    await this.authentik.close();
    await rm(this.folder, { recursive: true });
  }

  get origin(): string {
    return this.authentik.httpsUrl.replace("127.0.0.1", "localhost");
  }

  /** The config of a stack that uses the two. */
  get config(): Record<string, string> {
    return {
      deployAuthentik: "false",
      authentikUrl: this.origin,
      authentikCaCertificate: this.ca.certificate,
      authentikToken,
      proxmoxAddresses: JSON.stringify([this.proxmox.url]),
      proxmoxCa: this.proxmox.caPem,
      proxmoxToken,
      allowEveryone: "true",
    };
  }

  /** The config of a stack that is about to run authentik on Docker for the first time. */
  async configBeforeUp(): Promise<Record<string, string>> {
    return {
      ...this.config,
      deployAuthentik: "true",
      dockerHost: `unix://${join(this.folder, "docker.sock")}`,
      httpPort: String(await freePort()),
      httpsPort: String(await freePort()),
      authentikSecretKey: "s3cret-key",
      authentikBootstrapPassword: passwordOfAkadmin,
      postgresPassword: "p4ssword-of-postgres",
    };
  }

  /** The Proxmox node trusts the CA of authentik's certificate. */
  async trustOurs(): Promise<void> {
    await writeFile(join(this.folder, "ca.pem"), this.ca.certificate);
  }

  async trustNothing(): Promise<void> {
    await writeFile(join(this.folder, "ca.pem"), "");
  }

  async setClock(offsetSeconds: number): Promise<void> {
    this.proxmox.node.clock.offsetSeconds = offsetSeconds;
  }

  /** An API token of a user without any role. */
  async tokenOfNobody(): Promise<string> {
    const { pk } = await this.inAuthentik("POST", "core/users/", { username: "nobody", name: "Nobody" });
    await this.inAuthentik("POST", "core/tokens/", { identifier: "nobody", intent: "api", user: pk });
    const { key } = await this.inAuthentik("GET", "core/tokens/nobody/view_key/");
    return String(key);
  }

  async signingKey(): Promise<unknown> {
    const pairs = await this.listInAuthentik("crypto/certificatekeypairs/");
    return pairs.find(({ name }) => name === "signing")?.pk;
  }

  redirectUris(...redirect_uris: Properties[]): Promise<void> {
    return this.provider({ redirect_uris });
  }

  /** Lets authentik serve a certificate of the CA for this name. */
  async serveTls(name: string, validityDays = 90): Promise<void> {
    const request = { commonName: name, subjectAltNames: [name], validityDays, keySize: 2048 } as const;
    const { certificate, privateKey } = await issueCertificate(request, this.ca);
    const { pk } = await this.inAuthentik("POST", "crypto/certificatekeypairs/", {
      name: randomUUID(),
      certificate_data: certificate,
      key_data: privateKey,
    });
    const [brand] = await this.listInAuthentik("core/brands/");
    await this.inAuthentik("PATCH", `core/brands/${brand?.brand_uuid}/`, { web_certificate: pk });
    await sleep(tlsTickSeconds * 4000);
  }

  async inAuthentik(method: string, path: string, body?: Properties): Promise<Properties> {
    const response = await fetch(`${this.authentik.httpUrl}/api/v3/${path}`, {
      method,
      headers: { Authorization: `Bearer ${authentikToken}`, "Content-Type": "application/json" },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  async listInAuthentik(path: string): Promise<Properties[]> {
    const { results } = await this.inAuthentik("GET", `${path}?page_size=100`);
    assert.ok(Array.isArray(results));
    return results;
  }

  async provider(changes: Properties): Promise<void> {
    const [provider] = await this.listInAuthentik("providers/oauth2/");
    await this.inAuthentik("PATCH", `providers/oauth2/${provider?.pk}/`, changes);
  }

  async inProxmox(method: string, path: string, parameters?: Record<string, string>): Promise<Properties> {
    const { status, reason, data } = await this.proxmoxApi.call(method, path, parameters);
    assert.equal(status, 200, `${method} ${path}: ${status} ${reason}`);
    return Object(data);
  }

  realm(options: Record<string, string>): Promise<Properties> {
    return this.inProxmox("PUT", "/access/domains/authentik", options);
  }

  /** What `pulumi up` makes, by the resources themselves. */
  private async up(): Promise<void> {
    const authentik = { url: this.authentik.httpUrl };
    const client = { clientId: "client-of-the-doctor", clientSecret: "secret-of-the-doctor" };
    const certificate = await create(certificateDefinition, {
      authentik,
      name: "signing",
      commonName: "localhost",
      serialNumber: "0d0c",
    });
    const provider = await create(oauth2ProviderDefinition, {
      authentik,
      ...client,
      name: "Proxmox VE",
      redirectUris: [{ url: this.proxmox.url }],
      signingKey: certificate.pk,
    });
    await create(applicationDefinition, {
      authentik,
      name: "Proxmox VE",
      slug: "proxmox",
      provider: provider.pk,
    });
    await create(openIdRealmDefinition, {
      proxmox: { url: this.proxmox.url, caCertificate: this.proxmox.caPem },
      realm: "authentik",
      issuerUrl: `${this.origin}/application/o/proxmox/`,
      clientId: client.clientId,
      clientKey: client.clientSecret,
      comment: "authentik (single sign-on)",
      groupsClaim: "groups",
    });
  }
}

async function create(definition: AnyDefinition, given: Properties): Promise<Properties> {
  const values: Record<string, string> = {
    [credentialKey("authentikToken")]: authentikToken,
    [credentialKey("proxmoxToken")]: proxmoxToken,
  };
  const provider = new DefinedProvider(definition);
  const get = (key: string) => values[key];
  await provider.configure({ config: { get, require: (key) => get(key) ?? "" } });
  const { inputs, failures } = await provider.check({}, given);
  assert.deepEqual(failures, []);
  return (await provider.create(inputs)).outs ?? {};
}

/** As much of Docker's API as asks for its version. */
function fakeDocker(socket: string): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ Version: "28.0.0" }));
  });
  return new Promise((resolve) => server.listen(socket, () => resolve(server)));
}
