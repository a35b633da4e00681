import { Agent } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { Correspondence, type Difference } from "../correspondence";
import { type Answer, type Exchange, isRecord, readRecording } from "../exchange";
import { send } from "../http";
import { compareAnswers } from "../proxmox";
import { withImportedKey } from "../test-keys";
import { Browser } from "./browser";
import { reasonToLeaveOut, unrecordedSteps } from "./cases";
import { JointRequests } from "./requests";
import { Stage } from "./stage";

export interface JointOutcome {
  exchange: Exchange;
  differences: Difference[];
}

export interface JointReplayed {
  outcomes: JointOutcome[];
  /** How many exchanges were left out, by the reason. */
  leftOut: Map<string, number>;
}

/** Replays whole logins with both simulators: what Proxmox answers and logs, and what the browser sees. */
export async function replayJoint(): Promise<JointReplayed> {
  const stage = await Stage.start();
  const replay = new JointReplay(stage);
  try {
    await replay.begin();
    return await replay.run(readRecording("joint-login"));
  } finally {
    replay.close();
    await stage.close();
  }
}

class JointReplay {
  private readonly correspondence = new Correspondence(() => true);
  private readonly requests = new JointRequests(this.correspondence);
  private readonly agent: Agent;
  private readonly browser: Browser;

  constructor(private readonly stage: Stage) {
    this.agent = new Agent({ keepAlive: true, ca: stage.proxmox.caPem });
    this.browser = new Browser((host) =>
      host.endsWith(":9000") ? stage.authentik.httpUrl : `https://127.0.0.1:${stage.front.port}`,
    );
  }

  close(): void {
    this.agent.destroy();
    this.browser.close();
  }

  /** The objects of authentik's own that the recordings name by their keys. */
  begin(): Promise<void> {
    return this.requests.learnDefaults(this.stage);
  }

  async run(exchanges: Exchange[]): Promise<JointReplayed> {
    const outcomes: JointOutcome[] = [];
    const leftOut = new Map<string, number>();
    for (const exchange of exchanges) {
      await this.doWhatWasNotRecorded(exchange);
      const reason = reasonToLeaveOut(exchange);
      if (reason !== undefined) {
        leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
        continue;
      }
      const differences = await this.replay(exchange);
      if (differences !== undefined) outcomes.push({ exchange, differences });
    }
    return { outcomes, leftOut };
  }

  private async replay(exchange: Exchange): Promise<Difference[] | undefined> {
    switch (exchange.system) {
      case "authentik-api":
        return this.callAuthentik(exchange);
      case "browser->authentik":
        return this.browse(exchange);
      case "pve":
        return this.callProxmox(exchange);
      default:
        // What Proxmox asks authentik it asks by itself.
        return undefined;
    }
  }

  private async doWhatWasNotRecorded(exchange: Exchange): Promise<void> {
    for (const [file, step] of unrecordedSteps) {
      if (exchange.file.startsWith(file)) await step(this.stage, (name) => this.removeUser(name));
    }
    // A realm that is made again was removed before.
    const { body, method, path, status } = exchange;
    if (method === "POST" && path === "/api2/json/access/domains" && status === 200 && isRecord(body)) {
      await this.proxmox("DELETE", `${path}/${body.realm}`);
    }
  }

  private async callAuthentik(recorded: Exchange): Promise<Difference[]> {
    const exchange = this.requests.ofAuthentik(withImportedKey(recorded));
    const answer = await send(this.stage.authentik.httpUrl, exchange, undefined);
    return this.correspondence.compare(
      { status: recorded.status, keys: keysOf(recorded.answer) },
      { status: statusOf(recorded, answer), keys: keysOf(answer.body) },
    );
  }

  private async browse(exchange: Exchange): Promise<Difference[]> {
    const answer = await this.browser.answerTo(exchange);
    return this.correspondence.compare(
      seenBy({ ...exchange, headers: exchange.answerHeaders, body: exchange.answer }),
      seenBy(answer),
    );
  }

  private async callProxmox(exchange: Exchange): Promise<Difference[]> {
    if (/^23e/.test(exchange.case ?? "") && exchange.path.endsWith("/openid/login")) await delay(1100);
    const form = this.requests.formFor(exchange, this.browser.location);
    const logged = this.stage.proxmox.node.store.syslog.length;
    const answer = await this.proxmox(
      exchange.method,
      exchange.path,
      form,
      this.requests.cookieFor(exchange),
    );
    const log = this.stage.proxmox.node.store.syslog.slice(logged);
    this.learn(exchange, answer);
    return compareAnswers(this.correspondence, comparable(exchange), comparable({ ...answer, log }));
  }

  private learn({ path }: Exchange, { body }: Answer): void {
    if (!isRecord(body)) return;
    if (path.endsWith("/openid/auth-url")) this.browser.location = String(body.data ?? "");
    if (isRecord(body.data) && typeof body.data.ticket === "string") this.requests.ticket = body.data.ticket;
  }

  private async removeUser(userid: string): Promise<void> {
    await this.proxmox("DELETE", `/api2/json/access/users/${encodeURIComponent(userid)}`);
  }

  private proxmox(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = this.requests.asRoot,
  ): Promise<Answer> {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const sent = { method, path, headers: { ...headers, ...(body === undefined ? {} : type) }, body };
    return send(this.stage.proxmox.url, sent, this.agent);
  }
}

/** Keys are the only thing in authentik's answers that later requests rest on. */
function keysOf(body: unknown): unknown {
  if (!isRecord(body)) return undefined;
  return {
    pk: body.pk,
    name: body.name,
    authorization_flow: body.authorization_flow,
    username: body.username,
  };
}

/** An ed448 pair is imported (201) where the recorded one was generated (200). */
function statusOf(recorded: Exchange, { status }: Answer): number {
  return recorded.path.endsWith("/generate/") && status === 201 ? 200 : status;
}

/** What a person notices of an answer: the page, the stage, or where it leads. */
function seenBy({ status, headers, body }: Pick<Answer, "status" | "headers" | "body">): unknown {
  const page = typeof body === "string" ? body : "";
  const component = isRecord(body) ? body.component : undefined;
  const location = headers.location?.replace(/[?#].*$/, "");
  return { status, heading: /<h1[^>]*>([^<]*)<\/h1>/.exec(page)?.[1]?.trim(), component, location };
}

/** The recorded log lost its letters beyond ASCII, and a reason's bytes were read as Latin-1. */
function comparable<T extends { reason: string; log?: string[] }>(exchange: T): T {
  const log = exchange.log?.map((line) => line.replace(/[^ -~]+/g, "?"));
  const reason = exchange.reason.replace(/Ã./g, (letter) => Buffer.from(letter, "latin1").toString());
  return log === undefined ? { ...exchange, reason } : { ...exchange, reason, log };
}
