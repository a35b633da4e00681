import { setTimeout as delay } from "node:timers/promises";
import { Load, loadModels } from "./load";

/** Settings that make a lab server slow or let it fail. */
export interface Disturbance {
  latencyMilliseconds: number;
  faults: Fault[];
  /** Parts that are down. */
  down: Part[];
  /** Delays of the measured real server. */
  load?: Load | undefined;
}

/** Requests with this method and path prefix are answered with the status, and have no other effect. */
export interface Fault {
  method: string;
  path: string;
  status: number;
}

/** Parts of each server that tests can stop. */
const parts = { authentik: ["redis", "database"], proxmox: ["pvedaemon"] } as const;

type Part = (typeof parts)[keyof typeof parts][number];

export const undisturbed: Disturbance = { latencyMilliseconds: 0, faults: [], down: [] };

/** Flags of the command line. */
interface DisturbanceFlags {
  /** `--latency 200` */
  latency?: string;
  /** `--fault "POST /api/v3/core/=503"`, `--fault redis=down` */
  fault?: string[];
  /** `--load 1` */
  load?: string;
}

export function disturbanceFrom(
  server: keyof typeof loadModels,
  { latency = "0", fault = [], load = "0" }: DisturbanceFlags,
): Disturbance {
  const factor = notNegative("load", "a factor", load);
  const down = parts[server].filter((part) => fault.includes(`${part}=down`));
  return {
    latencyMilliseconds: notNegative("latency", "milliseconds", latency),
    faults: fault.filter((text) => !down.some((part) => text === `${part}=down`)).map(faultFrom(server)),
    down,
    load: factor > 0 ? new Load(loadModels[server], factor) : undefined,
  };
}

function notNegative(flag: string, what: string, text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`--${flag} requires ${what}, not "${text}".`);
  return value;
}

const faultFrom =
  (server: keyof typeof parts) =>
  (text: string): Fault => {
    const [, method, path, status] = /^([A-Z]+) (\/.*)=(\d{3})$/.exec(text) ?? [];
    if (method === undefined || path === undefined || status === undefined) {
      const choices = [
        "<METHOD> <begin of the path>=<status>",
        ...parts[server].map((part) => `${part}=down`),
      ];
      throw new Error(`--fault requires "${choices.join('" or "')}", not "${text}".`);
    }
    return { method, path, status: Number(status) };
  };

/** Waits, and returns the status of a matching fault. */
export async function disturb(
  { latencyMilliseconds, faults, load }: Disturbance,
  request: { method: string; path: string },
): Promise<number | undefined> {
  if (latencyMilliseconds > 0) await delay(latencyMilliseconds);
  const overloaded = await load?.work(request);
  const fault = faults.find(({ method, path }) => method === request.method && request.path.startsWith(path));
  return fault?.status ?? overloaded;
}
