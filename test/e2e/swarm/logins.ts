import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { loginOf, type Place } from "../../engine/login";

const pauseMs = 200;

/** Logs in again and again while something happens. */
export class Logins {
  constructor(
    private readonly place: Place,
    private readonly username: string,
    private readonly password: string,
  ) {}

  once(): Promise<unknown> {
    return loginOf(this.place, this.username, this.password);
  }

  /** Requires that no login fails. */
  async allDuring<Result>(what: string, action: () => Promise<Result>): Promise<Result> {
    const { failures, ...rest } = await this.#during(what, action);
    assert.deepEqual(failures, []);
    return rest.result;
  }

  /** A login that is in progress with a node at the moment when the node fails may fail too. */
  async mostDuring<Result>(what: string, action: () => Promise<Result>, lost: number): Promise<Result> {
    const { failures, ...rest } = await this.#during(what, action);
    assert.ok(failures.length <= lost, failures.join("\n"));
    return rest.result;
  }

  async #during<Result>(what: string, action: () => Promise<Result>) {
    const failures: string[] = [];
    const begun = Date.now();
    let logins = 0;
    let isOver = false;
    const loop = (async () => {
      while (!isOver) {
        await this.once().then(
          () => logins++,
          (error: unknown) => failures.push(`${Math.round((Date.now() - begun) / 1000)} s: ${error}`),
        );
        await sleep(pauseMs);
      }
    })();
    const result = await action().finally(async () => {
      isOver = true;
      await loop;
    });
    const seconds = Math.round((Date.now() - begun) / 1000);
    console.log(`${what}: ${seconds} s, ${logins} logins, ${failures.length} failed`);
    assert.ok(logins > 2, `${logins} logins: ${failures.join("\n")}`);
    return { result, failures };
  }
}
