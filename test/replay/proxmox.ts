import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashToken } from "../../lab/proxmox/access/secrets";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import type { Config } from "../../lab/proxmox/state/store";
import { parseUrl } from "../../providers/http/host";
import { startIssuer } from "../lab/tiny-issuer";
import { Correspondence, type Difference } from "./correspondence";
import { type Answer, type Exchange, isRecord } from "./exchange";
import { send } from "./http";
import { loginOf } from "./proxmox-logins";

const rootToken = "11111111-1111-4111-8111-111111111111";
const nopeToken = "22222222-2222-4222-8222-222222222222";
const passwords = { "<ROOT-PASSWORD>": "root-password", "<NOPE-PASSWORD>": "nope-password" };
const recordedIssuer = "idp.rig.test:18443";
const mostPendingLogins = 101;

/** Places where a recording continues without earlier realms and groups, although nobody removed them. */
const newServers = new Set(["797-victim-create", "816-write-while-pvedaemon-is-down"]);

/** Proxmox stores its lists in hashes. */
export function newCorrespondence(): Correspondence {
  return new Correspondence(() => true);
}

export interface ProxmoxAnswer extends Answer {
  log: string[];
}

export function compareAnswers(
  correspondence: Correspondence,
  { status, reason, answerHeaders, answer, log }: Exchange,
  actual: ProxmoxAnswer,
): Difference[] {
  return correspondence.compare(
    {
      status,
      reason,
      type: answerHeaders["content-type"],
      body: answer ?? "",
      ...(log && { log: plain(log) }),
    },
    {
      status: actual.status,
      reason: actual.reason,
      type: actual.headers["content-type"],
      body: actual.body,
      ...(log && { log: plain(actual.log) }),
    },
  );
}

/** The log lines without time and process, and a time in a message without its fraction. */
function plain(lines: string[]): string[] {
  return lines.map((line) => line.replace(/^(<\d+>).*?\]: /, "$1"));
}

export class ProxmoxReplay {
  readonly correspondence = newCorrespondence();
  private readonly agent: Agent;
  private readonly authUrls = new Map<string, string>();
  private trial: { name: string; before: Config } | undefined;

  private constructor(
    private readonly proxmox: RunningProxmox,
    private readonly issuer: Awaited<ReturnType<typeof startIssuer>>,
    private readonly trust: string,
  ) {
    this.agent = new Agent({ keepAlive: true, ca: proxmox.caPem });
  }

  /** The recording of 9.2 creates its tokens itself. The others start with them. */
  static async start(release: string): Promise<ProxmoxReplay> {
    const trust = mkdtempSync(join(tmpdir(), "proxmox-replay-"));
    const issuer = await startIssuer(["idp.rig.test"], `https://${recordedIssuer}`);
    const isSeeded = release !== "9.2";
    const proxmox = await startProxmox({
      port: 0,
      release,
      rootPassword: passwords["<ROOT-PASSWORD>"],
      tokens: isSeeded ? [`root@pam!iac=${rootToken}`] : [],
      trust,
      hosts: { [recordedIssuer]: `127.0.0.1:${issuer.port}` },
      authenticationDelayMs: 0,
    });
    const replay = new ProxmoxReplay(proxmox, issuer, trust);
    for (const [name, value] of Object.entries(passwords)) replay.correspondence.setPlaceholder(name, value);
    if (isSeeded) replay.seed();
    return replay;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.proxmox.close();
    await this.issuer.close();
    rmSync(this.trust, { recursive: true });
  }

  async answerTo(exchange: Exchange): Promise<ProxmoxAnswer> {
    await this.doWhatWasNotRecorded(exchange);
    const logged = this.proxmox.node.store.syslog.length;
    const answer = await this.send(exchange);
    this.keepAuthUrl(exchange, answer);
    return { ...answer, log: this.proxmox.node.store.syslog.slice(logged) };
  }

  private send({ method, path, headers, body }: Exchange): Promise<Answer> {
    const translate = (text: string) => this.correspondence.translate(text, (name) => name);
    const sent = {
      method,
      path,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, translate(value)])),
      body: typeof body === "string" ? translate(body) : undefined,
    };
    return send(this.proxmox.url, sent, this.agent);
  }

  private seed(): void {
    this.trustIssuer();
    const tok = { expire: 0, privsep: false, secretHash: hashToken(nopeToken) };
    this.proxmox.node.store.config.users["nope@pve"] = { enable: true, expire: 0, tokens: { tok } };
    this.correspondence.setPlaceholder("<TOKEN-SECRET-root>", rootToken);
    this.correspondence.setPlaceholder("<TOKEN-SECRET-nope>", nopeToken);
  }

  /** The ends of 9.2 were recorded on new servers, with a token of the same name. */
  private startAnew(): void {
    const { config } = this.proxmox.node.store;
    const secret = this.correspondence.translate("<TOKEN-SECRET-root>", (name) => name);
    const iac = { expire: 0, privsep: false, secretHash: hashToken(secret) };
    config.users = { "root@pam": { enable: true, expire: 0, tokens: { iac } } };
    config.groups = {};
    config.domainsCfg = "";
  }

  private takeBackTrial(): void {
    if (this.trial !== undefined) Object.assign(this.proxmox.node.store.config, this.trial.before);
    this.trial = undefined;
  }

  private trustIssuer(): void {
    writeFileSync(join(this.trust, "issuer.pem"), this.issuer.caPem);
  }

  private async doWhatWasNotRecorded(exchange: Exchange): Promise<void> {
    const { file, method, path, body } = exchange;
    const name = nameOf(file);
    if (method !== "GET" || !name.startsWith(this.trial?.name ?? "")) this.takeBackTrial();
    if (method === "POST" && isTrial(exchange)) {
      this.trial = { name, before: structuredClone(this.proxmox.node.store.config) };
    }
    if (newServers.has(file)) this.startAnew();
    this.proxmox.node.daemon.runs = !file.endsWith("-pvedaemon-is-down");
    if (file === "683-openid-realm-corp") {
      await this.send({ ...exchange, method: "DELETE", path: `${path}/corp`, body: undefined });
    }
    if (/-ca-added-to-system-trust/.test(file)) {
      this.trustIssuer();
    }
    if (/too-many-pending-logins/.test(file)) {
      for (let count = 0; count < mostPendingLogins; count++) await this.send(exchange);
    }
    if (path === "/api2/json/access/openid/login" && typeof body === "string") {
      await this.logIn(exchange, new URLSearchParams(body));
    }
  }

  /** The browser's part: Proxmox's auth-url if it was not recorded, and the provider's code. */
  private async logIn({ file }: Exchange, form: URLSearchParams): Promise<void> {
    const state = parsed(form.get("state"));
    const code = form.get("code") ?? "";
    if (!isRecord(state) || !/^[0-9a-f]{32}$/.test(code)) return;
    const csrf = String(state.csrf_token);
    if (!this.authUrls.has(csrf)) {
      const authUrl = await this.authUrl(String(state.realm), form.get("redirect-url") ?? "");
      this.correspondence.compare(`csrf_token":"${csrf}`, `csrf_token":"${csrfOf(authUrl)}`);
      this.authUrls.set(csrf, authUrl);
    }
    if (this.correspondence.translate(code, String) !== code) return;
    const granted = this.issuer.authorize(this.authUrls.get(csrf) ?? "", loginOf(file));
    this.correspondence.compare(code, granted.code);
  }

  private async authUrl(realm: string, redirectUrl: string): Promise<string> {
    const { body } = await send(
      this.proxmox.url,
      {
        method: "POST",
        path: "/api2/json/access/openid/auth-url",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ realm, "redirect-url": redirectUrl }).toString(),
      },
      this.agent,
    );
    return isRecord(body) ? String(body.data) : "";
  }

  private keepAuthUrl({ path, answer }: Exchange, { body }: Answer): void {
    if (!path.endsWith("/openid/auth-url") || !isRecord(answer) || !isRecord(body)) return;
    if (typeof answer.data === "string") this.authUrls.set(csrfOf(answer.data), String(body.data));
  }
}

function nameOf(file: string): string {
  return file.replace(/^\d+-/, "");
}

const trials = /-(realm-name|group-name|user-id)-/;

/** The recorder tried names and values in sequence, each with an object that it then removed. */
function isTrial({ file, path, body }: Exchange): boolean {
  const isInTrialRealm = /\brealm(?:=|":\s*")r1\b/.test(String(body));
  return trials.test(file) || (isInTrialRealm && path === "/api2/json/access/domains");
}

function csrfOf(authUrl: string): string {
  const state = parsed(parseUrl(authUrl)?.searchParams.get("state") ?? null);
  return isRecord(state) ? String(state.csrf_token) : "";
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
