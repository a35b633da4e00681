import { setTimeout as delay } from "node:timers/promises";

interface Request {
  readonly method: string;
  readonly path: string;
}

/** How long a server works on requests, and how many it takes at a time. */
interface LoadModel {
  milliseconds(request: Request): number;
  /** Served one after the other with all others for which this holds. */
  queues(request: Request): boolean;
  /** Reads fail now and then while more requests than this wait. */
  readonly mostWaiting?: number;
}

/** Measured with the real servers on two cores. */
export const loadModels = {
  authentik: {
    milliseconds: ({ method, path }) => {
      if (isRead(method)) return 170;
      return path.startsWith("/api/v3/policies/bindings/") ? 1500 : 300;
    },
    queues: () => true,
    mostWaiting: 8,
  },
  proxmox: {
    milliseconds: ({ method }) => (isRead(method) ? 15 : 60),
    queues: ({ method }) => !isRead(method),
  },
} as const satisfies Record<string, LoadModel>;

/** One in so many of the reads that meet a server with too many waiting. */
const failsEvery = 5;

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** A server's work, one request after the other as its model says. */
export class Load {
  readonly #model: LoadModel;
  readonly #factor: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #overloaded = 0;

  /** @param factor 1 is as slow as the real server was measured, 0.1 ten times as fast */
  constructor(model: LoadModel, factor: number) {
    this.#model = model;
    this.#factor = factor;
  }

  /** Settles when the server has done the work for this request, with the status 500 where it failed under it. */
  async work(request: Request): Promise<number | undefined> {
    const time = this.#model.milliseconds(request) * this.#factor;
    if (!this.#model.queues(request)) {
      await delay(time);
      return undefined;
    }
    if (isRead(request.method) && this.#waiting > (this.#model.mostWaiting ?? Number.POSITIVE_INFINITY)) {
      this.#overloaded += 1;
      if (this.#overloaded % failsEvery === 0) return 500;
    }
    this.#waiting += 1;
    const turn = this.#last.then(() => delay(time));
    this.#last = turn;
    await turn;
    this.#waiting -= 1;
    return undefined;
  }
}
