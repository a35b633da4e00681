/** The node's clock, which may go wrong. */
export class Clock {
  /** How far it is ahead of this machine's; it may be changed at any time. */
  offsetSeconds: number;

  constructor(offsetSeconds = 0) {
    this.offsetSeconds = offsetSeconds;
  }

  /** In milliseconds, as `Date.now()`. */
  now(): number {
    return Date.now() + this.offsetSeconds * 1000;
  }
}
