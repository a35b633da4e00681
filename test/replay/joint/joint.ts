import { Agent } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import * as authentik from "../authentik";
import { Correspondence, type Difference } from "../correspondence";
import { type Answer, type Exchange, isRecord, readRecording } from "../exchange";
import { send } from "../http";
import * as proxmox from "../proxmox";
import { withImportedKey } from "../test-keys";
import { Browser } from "./browser";
import { type Rig, unrecordedSteps } from "./cases";
import { DirectClient } from "./client";
import type { Asked } from "./front";
import { JointRequests } from "./requests";
import { Stage } from "./stage";
import { asGenerated, comparableLog, recordedRequest, requestOf } from "./views";

export interface JointOutcome {
  exchange: Exchange;
  differences: Difference[];
}

/**
 * Replays complete logins with both simulators: their answers, logs and requests to each other, and the
 * browser's view.
 */
export async function replayJoint(): Promise<JointOutcome[]> {
  const stage = await Stage.start();
  const replay = new JointReplay(stage, readRecording("joint-login"));
  try {
    return await replay.run();
  } finally {
    replay.close();
    await stage.close();
  }
}

class JointReplay implements Rig {
  private readonly agent: Agent;
  private asked: Asked[] = [];
  private world: World;

  constructor(
    readonly stage: Stage,
    private readonly exchanges: Exchange[],
  ) {
    this.agent = new Agent({ keepAlive: true, ca: stage.proxmox.caPem });
    this.world = new World(stage, exchanges);
  }

  close(): void {
    this.agent.destroy();
    this.world.close();
  }

  async run(): Promise<JointOutcome[]> {
    await this.world.learnDefaults();
    const outcomes: JointOutcome[] = [];
    for (const exchange of this.exchanges) {
      await this.doWhatWasNotRecorded(exchange);
      outcomes.push({ exchange, differences: await this.replay(exchange) });
    }
    return outcomes;
  }

  async renewAuthentik(): Promise<void> {
    await this.stage.renewAuthentik();
    this.world.close();
    this.world = new World(this.stage, this.exchanges);
    await this.world.learnDefaults();
  }

  proxmox(method: string, path: string, form?: Record<string, string>): Promise<Answer> {
    return this.sendToProxmox(method, path, form && new URLSearchParams(form).toString());
  }

  private replay(exchange: Exchange): Promise<Difference[]> | Difference[] {
    switch (exchange.system) {
      case "authentik-api":
        return this.callAuthentik(exchange);
      case "browser->authentik":
        return this.browse(exchange);
      case "client->authentik":
        return this.askDirectly(exchange);
      case "pve":
        return this.callProxmox(exchange);
      case "pve->authentik":
        return this.compareAsked(exchange);
      default:
        throw new Error(`${exchange.file} has the unknown system ${exchange.system}.`);
    }
  }

  private async doWhatWasNotRecorded({ file, body, method, path, status }: Exchange): Promise<void> {
    for (const [begin, step] of unrecordedSteps) {
      if (file.startsWith(begin)) await step(this);
    }
    // A realm that is created again was removed before.
    if (method === "POST" && path === "/api2/json/access/domains" && status === 200 && isRecord(body)) {
      await this.proxmox("DELETE", `${path}/${body.realm}`);
    }
  }

  private async callAuthentik(recorded: Exchange): Promise<Difference[]> {
    const exchange = this.world.requests.ofAuthentik(withImportedKey(recorded));
    const answer = await send(this.stage.authentik.httpUrl, exchange, undefined);
    return authentik.compareAnswers(this.world.correspondence, recorded, asGenerated(recorded, answer));
  }

  private async browse(exchange: Exchange): Promise<Difference[]> {
    const answer = await this.world.browser.answerTo(exchange);
    this.stage.front.takeAsked();
    return authentik.compareAnswers(this.world.correspondence, exchange, answer);
  }

  private async askDirectly(exchange: Exchange): Promise<Difference[]> {
    const answer = await this.world.client.answerTo(exchange);
    this.stage.front.takeAsked();
    return authentik.compareAnswers(this.world.correspondence, exchange, answer);
  }

  private async callProxmox(exchange: Exchange): Promise<Difference[]> {
    const { requests, browser, correspondence } = this.world;
    if (/^23e/.test(exchange.case ?? "") && exchange.path.endsWith("/openid/login")) await delay(1100);
    const { syslog } = this.stage.proxmox.node.store;
    const logged = syslog.length;
    const answer = await this.sendToProxmox(
      exchange.method,
      exchange.path,
      requests.formFor(exchange, browser.location),
      requests.cookieFor(exchange),
    );
    this.asked = this.stage.front.takeAsked();
    this.world.learn(exchange, answer);
    const log = syslog.slice(logged);
    return [
      ...proxmox.compareAnswers(correspondence, comparableLog(exchange), comparableLog({ ...answer, log })),
      ...correspondence.compare(this.countAskedBy(exchange), this.asked.length, "asked authentik"),
    ];
  }

  /** Proxmox's own requests to authentik come right after the request that caused them. */
  private compareAsked(exchange: Exchange): Difference[] {
    const { correspondence } = this.world;
    const asked = this.asked.shift();
    if (asked === undefined) return correspondence.compare(recordedRequest(exchange), undefined, "request");
    const { answer } = asked;
    return [
      ...correspondence.compare(recordedRequest(exchange), requestOf(asked), "request"),
      // The proxy's own messages do not come from authentik.
      ...(answer === undefined || answer.status === 502
        ? correspondence.compare(exchange.status, answer?.status ?? null, "status")
        : authentik.compareAnswers(correspondence, exchange, authentik.withToken(exchange, answer))),
    ];
  }

  private countAskedBy(exchange: Exchange): number {
    const next = this.exchanges.indexOf(exchange) + 1;
    const end = this.exchanges.findIndex(({ system }, index) => index >= next && system !== "pve->authentik");
    return (end < 0 ? this.exchanges.length : end) - next;
  }

  private sendToProxmox(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = this.world.requests.asRoot,
  ): Promise<Answer> {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const sent = { method, path, headers: { ...headers, ...(body === undefined ? {} : type) }, body };
    return send(this.stage.proxmox.url, sent, this.agent);
  }
}

/** The known values of one authentik and its users. */
class World {
  readonly correspondence = new Correspondence(() => true);
  readonly requests: JointRequests;
  readonly browser: Browser;
  readonly client: DirectClient;

  constructor(
    private readonly stage: Stage,
    exchanges: Exchange[],
  ) {
    this.correspondence.setPlaceholder("<ROOT-PASSWORD>", stage.rootPassword);
    this.requests = new JointRequests(this.correspondence, stage.front.pair);
    const front = `https://127.0.0.1:${stage.front.port}`;
    this.browser = new Browser((host) => {
      if (host.endsWith(":9000")) return stage.authentik.httpUrl;
      return host.endsWith(":9444") ? stage.authentik.httpsUrl : front;
    });
    const login = exchanges.filter((one) => one.case === "0 base" && one.system === "browser->authentik");
    this.client = new DirectClient(front, this.requests, login);
  }

  close(): void {
    this.browser.close();
    this.client.close();
  }

  /** The built-in objects of authentik that the recordings name by their keys. */
  learnDefaults(): Promise<void> {
    return this.requests.learnDefaults(this.stage);
  }

  learn({ path }: Exchange, { body }: Answer): void {
    if (!isRecord(body)) return;
    if (path.endsWith("/openid/auth-url")) this.browser.location = String(body.data ?? "");
    if (isRecord(body.data) && typeof body.data.ticket === "string") this.requests.ticket = body.data.ticket;
  }
}
