import { setTimeout as delay } from "node:timers/promises";

interface Request {
  readonly method: string;
  readonly path: string;
}

/** Duration of requests, and how many run at the same time. */
export interface LoadModel {
  milliseconds(request: Request): number;
  /** Whether the request runs in sequence with all other such requests. */
  queues(request: Request): boolean;
  /** Some reads fail while more requests than this wait. */
  readonly mostWaiting?: number;
}

/** The newer measurement of authentik, where single writes are quicker (FACTS of 2026-11-30). */
export const authentikOfNovember30: LoadModel = {
  milliseconds: ({ method, path }) => {
    if (isRead(method)) return 175;
    if (method === "DELETE") return 280;
    return path.startsWith("/api/v3/policies/bindings/") ? 1500 : 130;
  },
  queues: () => true,
  mostWaiting: 8,
};

/** Measured with the real servers on two cores on 2026-11-22. */
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

/** One of this many reads fails if too many requests wait. */
const failsEvery = 5;

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** Simulates the duration of a server's work according to its model. */
export class Load {
  readonly #model: LoadModel;
  readonly #factor: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #overloaded = 0;

  /** @param factor 1 is as slow as the real server, 0.1 ten times as fast */
  constructor(model: LoadModel, factor: number) {
    this.#model = model;
    this.#factor = factor;
  }

  /** Resolves when the work for this request is done, with status 500 if it failed. */
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
