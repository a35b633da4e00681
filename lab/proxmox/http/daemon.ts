import { setTimeout as delay } from "node:timers/promises";
import { BareError } from "../errors";

const workers = 3;

/** pvedaemon runs privileged calls for pveproxy, one per worker at a time. */
export class Daemon {
  runs = true;
  private busy = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param timeoutMs how long pveproxy waits for it */
  constructor(public timeoutMs = 30_000) {}

  get isIdle(): boolean {
    return this.busy === 0;
  }

  /** The work also completes after the timeout, but nobody gets its result. */
  async do<T>(work: () => Promise<T>): Promise<T> {
    if (!this.runs) throw new BareError(595, "Connection refused");
    const timeout = new AbortController();
    const answer = this.inTurn(work);
    try {
      return await Promise.race([answer, this.tooLate(timeout.signal)]);
    } finally {
      timeout.abort();
    }
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy === workers) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.busy += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.busy -= 1;
      else next();
    }
  }

  private async tooLate(signal: AbortSignal): Promise<never> {
    await delay(this.timeoutMs, undefined, { signal });
    throw new BareError(596, "Connection timed out");
  }
}
