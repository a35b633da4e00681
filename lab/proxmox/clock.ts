/** The node's clock, which can be wrong. */
export class Clock {
  /** Difference to this machine's clock. Can change at any time. */
  offsetSeconds: number;

  constructor(offsetSeconds = 0) {
    this.offsetSeconds = offsetSeconds;
  }

  /** In milliseconds, like `Date.now()`. */
  now(): number {
    return Date.now() + this.offsetSeconds * 1000;
  }
}
