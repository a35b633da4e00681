import { PerServer } from "../core/limit";

/** A real authentik on two cores answers this many at a time reliably, and fails reads at more than eight. */
const usualAtOnce = 4;
const fewestAtOnce = 2;
const mostAtOnce = 16;
/** An authentik on two cores takes longer with four requests at a time: 170 ms for a single read. */
const quickMilliseconds = 250;
const slowMilliseconds = 3000;

/**
 * How many requests a server gets at a time. The number grows while the server answers that many quickly, and shrinks
 * when the server is slow or fails. It returns to the usual number when answers are no longer slow.
 */
export class Pace {
  #atOnce = usualAtOnce;
  #running = 0;
  /** Good answers since the last change of the number. */
  #good = 0;
  #shrinks = 0;

  get atOnce(): number {
    return this.#atOnce;
  }

  /** Call it when a request is sent, and its result when the answer is there. */
  begin(): (milliseconds: number, isOverloaded: boolean) => void {
    this.#running += 1;
    const begunAfter = this.#shrinks;
    // With fewer requests, the server does not show whether it can answer more.
    const isFull = this.#running >= this.#atOnce;
    return (milliseconds, isOverloaded) => {
      this.#running -= 1;
      // Requests from before a smaller number say nothing about it.
      if (begunAfter !== this.#shrinks) return;
      if (isOverloaded || milliseconds > slowMilliseconds) {
        this.#change(Math.floor(this.#atOnce / 2));
      } else if (isFull) {
        const isGood = milliseconds < quickMilliseconds || this.#atOnce < usualAtOnce;
        this.#good = isGood ? this.#good + 1 : 0;
        if (this.#good >= this.#atOnce) this.#change(this.#atOnce + 1);
      }
    };
  }

  #change(wanted: number): void {
    const atOnce = Math.min(mostAtOnce, Math.max(fewestAtOnce, wanted));
    if (atOnce < this.#atOnce) this.#shrinks += 1;
    this.#atOnce = atOnce;
    this.#good = 0;
  }
}

/** How many requests each authentik gets at a time. */
export const paces = new PerServer(() => new Pace());
