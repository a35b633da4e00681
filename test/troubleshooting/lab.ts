import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CURRENT } from "../../lab/authentik/profile";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type Contents, MemoryStore } from "../../lab/authentik/store/memory";
import { PendingLogins } from "../../lab/proxmox/openid/pending-logins";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { timeoutKey } from "../../providers/http/timeout";
import { createCertificateAuthority, issueCertificate, type KeyPair } from "../../providers/pki/certificate";
import { AuthentikByHand } from "../doctor/authentik-by-hand";
import type { ConfigValues } from "../engine/stack";
import { InProcessEngine } from "../faults/engine";
import { type Exchange, FaultyProxy } from "../faults/proxy";
import { clientOf } from "../lab/proxmox-client";
import { LoginFlows } from "../resources/login-flows";
import type { Properties } from "../resources/simulators";
import { Stack } from "./stack";

const token = "t0ken-of-authentik-for-this-page";
const password = "p4ssword-of-akadmin";
const proxmoxToken = `root@pam!page=${randomUUID()}`;

/** Handles the requests to a server. */
export type Meet = (exchange: Exchange) => Promise<void> | void;
export const pass: Meet = async (exchange) => exchange.reply(await exchange.forward());

/** Both servers, each behind a proxy with TLS that can disturb it. */
export class Lab {
  /** How the proxies handle requests. */
  meet: { authentik: Meet; proxmox: Meet } = { authentik: pass, proxmox: pass };
  /** Headers that the proxy of authentik adds. */
  readonly headers: Record<string, string> = {};
  readonly byHand: AuthentikByHand;
  readonly flows: LoginFlows;
  readonly #contents: Contents;
  readonly #proxmoxApi: ReturnType<typeof clientOf>;
  readonly #saved: (() => void)[] = [];
  #front: { authentik: FaultyProxy; proxmox: FaultyProxy } | undefined;
  #made: InProcessEngine | undefined;

  private constructor(
    readonly folder: string,
    readonly ca: KeyPair,
    private readonly server: KeyPair,
    contents: Contents,
    readonly authentik: RunningAuthentik,
    readonly proxmox: RunningProxmox,
  ) {
    this.#contents = contents;
    this.#proxmoxApi = clientOf(proxmox, proxmoxToken);
    this.byHand = new AuthentikByHand(authentik.httpUrl, token);
    this.flows = new LoginFlows({
      call: (method, path, body) => this.byHand.call(method, path, body),
      find: async (path) => Object((await this.byHand.list(path.replace(/\?.*/, "")))[0]),
    });
  }

  static async start(): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), "troubleshooting-"));
    const ca = await createCertificateAuthority("CA of this page");
    const contents: Contents = { objects: {}, sequences: {} };
    const authentik = await startAuthentik({
      profile: CURRENT,
      bootstrap: { token, password },
      rsaBits: 2048,
      store: new MemoryStore(contents),
    });
    const proxmox = await startProxmox({
      port: 0,
      rootPassword: password,
      tokens: [proxmoxToken],
      trust: join(folder, "ca.pem"),
      authenticationDelayMs: 0,
    });
    const lab = new Lab(folder, ca, await certificateBy(ca), contents, authentik, proxmox);
    await lab.#begin();
    return lab;
  }

  async #begin(): Promise<void> {
    const tls = this.server;
    this.#front = {
      authentik: await FaultyProxy.start(
        { url: this.authentik.httpUrl, tls, headers: this.headers },
        async (exchange) => this.meet.authentik(exchange),
      ),
      proxmox: await FaultyProxy.start(
        { url: this.proxmox.url, tls: { ...tls, ca: this.proxmox.caPem } },
        async (exchange) => this.meet.proxmox(exchange),
      ),
    };
    await this.reset();
    this.#saved.push(this.#snapshot());
    const stack = this.stack();
    const failure = await stack.up();
    assert.equal(failure, undefined);
    this.#made = stack.engine;
    this.#saved.push(this.#snapshot());
  }

  async stop(): Promise<void> {
    for (const front of Object.values(this.fronts)) await front.goDown();
    await this.#proxmoxApi.close();
    await this.proxmox.close();
    await this.authentik.close();
    await rm(this.folder, { recursive: true });
  }

  get fronts(): { authentik: FaultyProxy; proxmox: FaultyProxy } {
    return this.#front ?? assert.fail("the proxies are not started");
  }

  get urls(): { authentik: string; proxmox: string } {
    const { authentik, proxmox } = this.fronts;
    return { authentik: authentik.url.replace("127.0.0.1", "localhost"), proxmox: proxmox.url };
  }

  /** The config of a person for both servers. */
  get config(): ConfigValues {
    return {
      plain: {
        deployAuthentik: "false",
        authentikUrl: this.urls.authentik,
        authentikCaCertificate: this.ca.certificate,
        "proxmoxAddresses[0]": this.urls.proxmox,
        proxmoxCa: this.ca.certificate,
        applicationName: "proxmox",
        access: JSON.stringify({
          "authentik Admins": { as: "admins", "/": "PVEAuditor" },
          "pve-users": { "/vms": "PVEVMUser" },
        }),
        signingKeySize: "2048",
        testUsername: "akadmin",
        [timeoutKey]: "20",
      },
      secret: { authentikToken: token, proxmoxToken, testPassword: password },
    };
  }

  /** A stack before its first `up`, or after one that has made everything and proved no login. */
  stack(made?: "made"): Stack {
    const engine = new InProcessEngine(this.config);
    const state = made ? (this.#made?.state ?? []) : [];
    for (const [name, saved] of structuredClone([...state])) {
      if (name !== "sso-proof" && name !== "readiness") engine.state.set(name, saved);
    }
    return new Stack(this, engine);
  }

  /** The servers as they were before the first `up`, or after it. */
  async reset(made?: "made"): Promise<void> {
    this.meet = { authentik: pass, proxmox: pass };
    Object.assign(this.headers, { "x-forwarded-proto": "https" });
    delete this.headers.host;
    Object.assign(this.proxmox.node.daemon, { runs: true, timeoutMs: 30_000 });
    this.proxmox.node.secondFactors.clear();
    for (const host of Object.keys(this.proxmox.node.hosts)) delete this.proxmox.node.hosts[host];
    this.proxmox.node.pendingLogins = new PendingLogins(this.proxmox.node.clock);
    this.proxmox.node.clock.offsetSeconds = 0;
    this.authentik.database.isUp = true;
    await this.trust(this.ca.certificate);
    await this.#front?.authentik.comeBack();
    this.serveTls(this.server);
    this.#saved[made ? 1 : 0]?.();
  }

  /** The CAs that the node trusts. */
  trust(pem: string): Promise<void> {
    return writeFile(join(this.folder, "ca.pem"), pem);
  }

  /** The certificate with which authentik answers. */
  serveTls({ certificate, privateKey }: KeyPair, options = {}): void {
    this.#front?.authentik.secureBy({ cert: certificate, key: privateKey, ...options });
  }

  async inProxmox(method: string, path: string, parameters?: Record<string, string>): Promise<Properties> {
    const { status, reason, data } = await this.#proxmoxApi.call(method, path, parameters);
    assert.equal(status, 200, `${method} ${path}: ${status} ${reason}`);
    return Object(data);
  }

  #snapshot(): () => void {
    const { config } = this.proxmox.node.store;
    const [ofAuthentik, ofProxmox] = [structuredClone(this.#contents), structuredClone(config)];
    return () => {
      Object.assign(this.#contents, structuredClone(ofAuthentik));
      Object.assign(config, structuredClone(ofProxmox));
    };
  }
}

/** A certificate of the CA. By default, it is right for the lab's addresses. */
export function certificateBy(ca: KeyPair, names = ["localhost", "127.0.0.1"], validityDays = 1) {
  return issueCertificate(
    { commonName: names[0] ?? "", subjectAltNames: names, keySize: 2048, validityDays },
    ca,
  );
}
