import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type AuthentikOptions, type RunningAuthentik, startAuthentik } from "../../../lab/authentik/start";
import { issueCertificate } from "../../../lab/proxmox/certificate";
import { type RunningProxmox, startProxmox } from "../../../lab/proxmox/server";
import { isRecord } from "../exchange";
import { password } from "./browser";
import { Front, type FrontMode } from "./front";

export const apiToken = "joint-token";
export const proxmoxToken = "11111111-1111-4111-8111-111111111111";
const rootPassword = "root-password";
const longTimeoutMs = 30_000;
const shortTimeoutMs = 1000;
const groupsOfAlice = ["proxmox-admins", "team ops", "größe", "staff.eu_1", "1digits"];
const others = [
  { username: "bob", email: "bob@example.com" },
  { username: "Carol.Upper", email: "Carol.Upper@Example.COM" },
  { username: "jürgen", email: "juergen@example.com" },
  { username: "da ve", email: "dave@example.com" },
  { username: "eve@example.com", email: "eve@example.com" },
  { username: "a/b", email: "ab@example.com" },
  { username: "noemail", email: "" },
];

function authentikIn(folder: string): AuthentikOptions {
  return {
    bootstrap: { token: apiToken },
    rsaBits: 2048,
    tlsTickSeconds: 0.1,
    dataDirectory: join(folder, "authentik"),
    // The recorded version.
    profile: "2026.5",
  };
}

/** Both simulators, the proxy between them, and the users at the start of the recordings. */
export class Stage {
  readonly rootPassword = rootPassword;

  private constructor(
    public authentik: RunningAuthentik,
    readonly proxmox: RunningProxmox,
    readonly front: Front,
    private readonly brokenFronts: Front[],
    private readonly folder: string,
  ) {}

  static async start(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), "joint-replay-"));
    const authentik = await startAuthentik(authentikIn(folder));
    const front = await Front.start(authentik.httpUrl);
    const brokenFronts = {
      expired: await Front.start(authentik.httpUrl, issueCertificate(["auth.rig.test"], -30, -20)),
      otherName: await Front.start(authentik.httpUrl, issueCertificate(["other.rig.test"])),
      notYetValid: await Front.start(authentik.httpUrl, issueCertificate(["auth.rig.test"], 1)),
    };
    const trust = join(folder, "trust");
    mkdirSync(trust);
    const at = (port: number | string) => `127.0.0.1:${port}`;
    const proxmox = await startProxmox({
      port: 0,
      rootPassword: rootPassword,
      tokens: [`root@pam!iac=${proxmoxToken}`],
      trust,
      hosts: {
        "auth.rig.test:9443": at(front.port),
        "127.0.0.1:9443": at(front.port),
        "auth.rig.test:9000": at(new URL(authentik.httpUrl).port),
        "auth.rig.test:9444": at(new URL(authentik.httpsUrl).port),
        "auth.rig.test:9446": at(brokenFronts.expired.port),
        "auth.rig.test:9447": at(brokenFronts.otherName.port),
        "auth.rig.test:9448": at(brokenFronts.notYetValid.port),
        "auth.rig.test:9499": at(1),
      },
      authenticationDelayMs: 0,
    });
    const stage = new Stage(authentik, proxmox, front, Object.values(brokenFronts), folder);
    stage.trustFront(true);
    await stage.makeUsers();
    return stage;
  }

  async close(): Promise<void> {
    await this.proxmox.close();
    for (const front of [this.front, ...this.brokenFronts]) front.close();
    await this.authentik.close();
    rmSync(this.folder, { recursive: true });
  }

  async restartAuthentik(): Promise<void> {
    await this.authentik.close();
    await this.startAuthentik();
  }

  /** A new authentik at the same address. */
  async renewAuthentik(): Promise<void> {
    await this.authentik.close();
    rmSync(join(this.folder, "authentik"), { recursive: true });
    await this.startAuthentik();
    await this.makeUsers();
  }

  private async startAuthentik(): Promise<void> {
    const { httpUrl, httpsUrl } = this.authentik;
    const [httpPort, httpsPort] = [httpUrl, httpsUrl].map((url) => Number(new URL(url).port));
    this.authentik = await startAuthentik({
      ...authentikIn(this.folder),
      ...(httpPort && { httpPort }),
      ...(httpsPort && { httpsPort }),
    });
  }

  trustFront(isTrusted: boolean): void {
    const trusted = isTrusted ? [this.front, ...this.brokenFronts] : this.brokenFronts;
    writeFileSync(join(this.folder, "trust", "ca.pem"), trusted.map(({ pair }) => pair.caPem).join(""));
  }

  /** Proxmox waits for an answer for a shorter time than a real node, and continues when this is done. */
  async setFront(mode: FrontMode): Promise<void> {
    const { daemon } = this.proxmox.node;
    daemon.timeoutMs = mode === "silent" ? shortTimeoutMs : longTimeoutMs;
    this.front.setMode(mode);
    while (!daemon.isIdle) await delay(5);
    this.front.takeAsked();
  }

  /** Between Proxmox's read of the keys and its request for the token. */
  changeKeyBeforeToken(certificate: string, provider: string): void {
    this.front.beforeToken = async () => {
      const signing_key = await this.keyOf(`crypto/certificatekeypairs/?name=${certificate}`);
      await this.api("PATCH", `providers/oauth2/${await this.keyOf(`providers/oauth2/?name=${provider}`)}/`, {
        signing_key,
      });
    };
  }

  /** Renews a certificate in place, with the PEMs of another one. */
  async copyPair(from: string, to: string): Promise<void> {
    const [source, target] = await Promise.all(
      [from, to].map((name) => this.keyOf(`crypto/certificatekeypairs/?name=${name}`)),
    );
    const view = (part: string) => this.api("GET", `crypto/certificatekeypairs/${source}/view_${part}/`);
    await this.api("PATCH", `crypto/certificatekeypairs/${target}/`, {
      certificate_data: (await view("certificate")).data,
      key_data: (await view("private_key")).data,
    });
  }

  async changeGroup(name: string, change: "add_user" | "remove_user"): Promise<void> {
    const group = await this.keyOf(`core/groups/?${new URLSearchParams({ name })}`);
    const alice = await this.keyOf("core/users/?username=alice");
    await this.api("POST", `core/groups/${group}/${change}/`, { pk: alice });
  }

  async removeBindings(): Promise<void> {
    const { results } = await this.api("GET", "policies/bindings/");
    for (const binding of Array.isArray(results) ? results : []) {
      if (isRecord(binding)) await this.api("DELETE", `policies/bindings/${binding.pk}/`);
    }
  }

  async api(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.authentik.httpUrl}/api/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    const answer: unknown = text === "" ? {} : JSON.parse(text);
    return isRecord(answer) ? answer : {};
  }

  async keyOf(path: string): Promise<unknown> {
    const { results } = await this.api("GET", path);
    const first: unknown = Array.isArray(results) ? results[0] : undefined;
    return isRecord(first) ? (first.pk ?? first.brand_uuid) : undefined;
  }

  private async makeUsers(): Promise<void> {
    const groups = [await this.keyOf(`core/groups/?${new URLSearchParams({ name: "authentik Admins" })}`)];
    for (const name of groupsOfAlice) groups.push((await this.api("POST", "core/groups/", { name })).pk);
    await this.makeUser({ username: "alice", email: "alice@example.com", groups }, "Alice Example");
    for (const user of others) await this.makeUser({ ...user, groups: [] });
  }

  private async makeUser(
    user: { username: string; email: string; groups: unknown[] },
    name = user.username,
  ): Promise<Record<string, unknown>> {
    const made = await this.api("POST", "core/users/", { ...user, name });
    await this.api("POST", `core/users/${made.pk}/set_password/`, { password });
    return made;
  }
}
