import { setTimeout as sleep } from "node:timers/promises";
import type { OtherProduct } from "../../providers/accessControl/products";
import type { Answer, Exchange, FaultyProxy } from "./proxy";

export type ServerName = "authentik" | "Proxmox";

/** A way in which a request fails. */
export interface Fault {
  readonly title: string;
  /** The server that can fail like this. */
  readonly server?: ServerName;
  /** Which of Proxmox's products fails like this. */
  readonly of?: "VE" | "others";
  /** The kind of requests that can fail like this. */
  readonly only?: "writes" | "reads";
  /** Whether all later requests of the run fail too. */
  readonly lasting?: true;
  /** Whether the program is killed, with everything unsaved. */
  readonly kills?: true;
  /** Whether there is no answer. The run then has a short timeout. */
  readonly unanswered?: true;
  /** Runs before the request, which then cannot connect. */
  readonly outage?: (proxy: FaultyProxy) => Promise<void>;
  meet(exchange: Exchange): Promise<void>;
}

const html = { "content-type": "text/html; charset=utf-8" };
const json = { "content-type": "application/json" };
/** The shortest time that the header can express. */
const soon = { "retry-after": "1" };

function answer(status: number, body: string, headers: Answer["headers"] = html, reason?: string): Answer {
  return { status, headers, body: Buffer.from(body), reason };
}

const badGateway = answer(502, "<html><body>502 Bad Gateway</body></html>");
const unavailable = answer(503, "<html><body>503 Service Unavailable</body></html>");
const crashed = answer(405, "", { ...html, allow: "GET, HEAD, OPTIONS" });
const daemonGone = answer(595, "", {}, "Connection refused");
const daemonBusy = answer(596, "", {}, "Connection timed out");

const conflict = "detected modified configuration - file changed by other user? Try again.";

/** The server never receives the request. */
const unseen = (title: string, reply: Answer, more: Partial<Fault> = {}): Fault => ({
  title,
  ...more,
  meet: async (exchange) => exchange.reply(reply),
});

/** The server handles the request, but another answer is returned. */
const acted = (title: string, reply: (real: Answer) => Answer, more: Partial<Fault> = {}): Fault => ({
  title: `${title}, after the server has acted`,
  ...more,
  meet: async (exchange) => exchange.reply(reply(await exchange.forward())),
});

const pass = async (exchange: Exchange) => exchange.reply(await exchange.forward());

export const faults: readonly Fault[] = [
  { title: "connection refused for half a second", outage: (proxy) => proxy.refuseFor(500), meet: pass },
  { title: "connections refused from here on", outage: (proxy) => proxy.goDown(), meet: pass },
  { title: "reset before the server acts", meet: async (exchange) => exchange.cut() },
  {
    title: "reset after the server has acted",
    async meet(exchange) {
      await exchange.forward();
      exchange.cut();
    },
  },
  { title: "no answer, and the server never saw it", unanswered: true, meet: async () => {} },
  {
    title: "no answer, after the server has acted",
    unanswered: true,
    async meet(exchange) {
      await exchange.forward();
    },
  },
  {
    title: "a slow answer",
    async meet(exchange) {
      await sleep(700);
      exchange.reply(await exchange.forward());
    },
  },
  {
    title: "half an answer, then a reset",
    async meet(exchange) {
      exchange.replyHalf(await exchange.forward());
    },
  },
  acted("cut JSON", (real) => ({ ...real, body: real.body.subarray(0, Math.floor(real.body.length / 2)) })),
  acted("a page instead of JSON", () => answer(200, "<html><body>Welcome</body></html>")),
  unseen("500", answer(500, "<html><body>Server Error (500)</body></html>")),
  unseen("502", badGateway),
  acted("502", () => badGateway),
  acted("504", () => answer(504, "<html><body>504 Gateway Time-out</body></html>")),
  unseen("503", unavailable),
  unseen("503 with Retry-After", { ...unavailable, headers: { ...html, ...soon } }),
  unseen("503 from here on", unavailable, { lasting: true }),
  acted("503", () => unavailable),
  unseen("429 with Retry-After", answer(429, '{"detail":"Request was throttled."}', { ...json, ...soon })),

  unseen("an empty 405, nothing stored", crashed, { server: "authentik", only: "writes" }),
  acted("an empty 405", () => crashed, { server: "authentik", only: "writes" }),
  unseen("403, as if the token did not exist yet", answer(403, '{"detail":"Token invalid/expired"}', json), {
    server: "authentik",
  }),
  unseen(
    "200 that says that it starts",
    answer(200, '{"error":"authentik starting"}', { ...json, ...soon }),
    {
      server: "authentik",
    },
  ),

  unseen("595", daemonGone, { server: "Proxmox", of: "VE" }),
  unseen("596", daemonBusy, { server: "Proxmox", of: "VE" }),
  acted("596", () => daemonBusy, { server: "Proxmox", of: "VE" }),
  unseen("a digest conflict", answer(500, '{"data":null}', json, `update auth server failed: ${conflict}`), {
    server: "Proxmox",
    of: "VE",
    only: "writes",
  }),
  unseen("a digest conflict", answer(400, conflict, json), {
    server: "Proxmox",
    of: "others",
    only: "writes",
  }),
  unseen("400, as the privileged daemon is down", answer(400, "client error (Connect)", json), {
    server: "Proxmox",
    of: "others",
    only: "writes",
  }),
  unseen("an empty list", answer(200, '{"data":[]}', json), { server: "Proxmox", only: "reads" }),
  {
    title: "401 with an empty body, after 3 s",
    server: "Proxmox",
    of: "VE",
    async meet(exchange) {
      await sleep(3000);
      exchange.reply(answer(401, "", {}, "No ticket"));
    },
  },
  unseen("401", answer(401, "authentication failed", {}), { server: "Proxmox", of: "others" }),

  { title: "killed before the server acts", kills: true, meet: async () => {} },
  {
    title: "killed after the server has acted",
    kills: true,
    async meet(exchange) {
      await exchange.forward();
    },
  },
];

export function isWrite(method: string): boolean {
  return ["POST", "PUT", "PATCH", "DELETE"].includes(method);
}

/** Whether a request, `METHOD path`, can fail like this. The k-th request differs slightly between runs. */
export function canMeet({ server, of, only }: Fault, request: string, product?: OtherProduct): boolean {
  if (of && (of === "others") !== (product !== undefined)) return false;
  const [method = "", path = ""] = request.split(" ");
  if (server && (server === "Proxmox") !== path.startsWith("/api2/")) return false;
  return only === undefined || (only === "writes") === isWrite(method);
}
