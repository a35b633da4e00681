import { setTimeout as delay } from "node:timers/promises";

/** What a lab server does to requests before it looks at them: for tests of slow and failing servers. */
export interface Disturbance {
  latencyMilliseconds: number;
  faults: Fault[];
}

/** Requests of this method whose path begins like this are answered with the status, and nothing is done. */
export interface Fault {
  method: string;
  path: string;
  status: number;
}

export const undisturbed: Disturbance = { latencyMilliseconds: 0, faults: [] };

/** From the flags `--latency 200` and `--fault "POST /api/v3/core/=503"`. */
export function disturbanceFrom(latency: string, faults: string[]): Disturbance {
  const latencyMilliseconds = Number(latency);
  if (!(latencyMilliseconds >= 0)) throw new Error(`--latency takes milliseconds, and "${latency}" is none.`);
  return { latencyMilliseconds, faults: faults.map(faultFrom) };
}

function faultFrom(text: string): Fault {
  const [, method, path, status] = /^([A-Z]+) (\/.*)=(\d{3})$/.exec(text) ?? [];
  if (method === undefined || path === undefined || status === undefined) {
    throw new Error(`--fault takes "<METHOD> <begin of the path>=<status>", and "${text}" is no such thing.`);
  }
  return { method, path, status: Number(status) };
}

/** Waits, and tells the status of the fault that this request meets. */
export async function disturb(
  { latencyMilliseconds, faults }: Disturbance,
  request: { method: string; path: string },
): Promise<number | undefined> {
  if (latencyMilliseconds > 0) await delay(latencyMilliseconds);
  const fault = faults.find(({ method, path }) => method === request.method && request.path.startsWith(path));
  return fault?.status;
}
