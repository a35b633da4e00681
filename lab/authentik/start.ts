import { setTimeout as sleep } from "node:timers/promises";
import type { Disturbance } from "../disturbance";
import type { Service, SystemSettings } from "./lab";
import { CURRENT, findProfile } from "./profile";
import { type AuthentikServer, startServer } from "./server/server";
import type { RecordedRequest } from "./server/state";
import type { Bootstrap } from "./settings";
import { openFileStore } from "./store/file";
import { MemoryStore } from "./store/memory";
import { makeDefaultObjects, reportWorker } from "./worker/worker";

export interface AuthentikOptions {
  profile?: string;
  /** Directory of the objects. By default they are in memory. */
  dataDirectory?: string;
  /** The store of the objects, instead of `dataDirectory`. */
  store?: MemoryStore;
  host?: string;
  /** 0, the default, uses a free port. */
  httpPort?: number;
  httpsPort?: number;
  bootstrap?: Bootstrap;
  /** Pause between the worker's batches of default objects. With 0, `startAuthentik` returns after all are created. */
  workerDelayMilliseconds?: number;
  /** Seconds until a brand's web certificate is served. */
  tlsTickSeconds?: number;
  /** Size of generated keys. The real 4096 bits take seconds each. */
  rsaBits?: number;
  /** Comma-separated networks of trusted proxies. */
  trustedProxies?: string;
  settings?: Partial<SystemSettings>;
  disturbance?: Disturbance;
  onRequest?: (request: RecordedRequest) => void;
}

export interface RunningAuthentik {
  httpUrl: string;
  httpsUrl: string;
  /** All requests so far. */
  requests: RecordedRequest[];
  /** Resolves when the worker has created all default objects. */
  ready: Promise<void>;
  redis: Service;
  database: Service;
  trustProxies: AuthentikServer["trustProxies"];
  /** Sets the time when a worker last reported itself. By default, it reports itself while this runs. */
  workerSeen(at: Date): Promise<void>;
  /** Sets the end of a binding, as in a request for temporary access. The API cannot write it. */
  grantUntil(binding: string, end: Date): Promise<void>;
  /** Lets a source fill a group, as at a login or a synchronization. The API cannot write it. */
  fillFromSource(group: string, source: string): Promise<void>;
  close(): Promise<void>;
}

export const endOfTime = new Date("9999-12-31");

/** Starts server and worker in this process, without PostgreSQL or redis. */
export async function startAuthentik(options: AuthentikOptions = {}): Promise<RunningAuthentik> {
  const found = findProfile(options.profile ?? CURRENT);
  const profile = { ...found, rsaBits: options.rsaBits ?? found.rsaBits };
  const store = options.dataDirectory
    ? await openFileStore(options.dataDirectory)
    : (options.store ?? new MemoryStore());
  const host = options.host ?? "127.0.0.1";
  const delayMilliseconds = options.workerDelayMilliseconds ?? 0;
  const requests: RecordedRequest[] = [];
  const worker = {
    store,
    profile,
    bootstrap: options.bootstrap ?? {},
    pause: () => sleep(delayMilliseconds),
  };
  const redis = { isUp: !options.disturbance?.down.includes("redis") };
  const server = await startServer({
    profile,
    redis,
    host,
    httpPort: options.httpPort ?? 0,
    httpsPort: options.httpsPort ?? 0,
    tlsTickSeconds: options.tlsTickSeconds,
    trustedProxies: options.trustedProxies,
    settings: options.settings,
    disturbance: options.disturbance,
    onRequest: (request) => {
      requests.push(request);
      options.onRequest?.(request);
    },
  });
  await server.useStore(store);
  const ready = makeDefaultObjects(worker);
  if (delayMilliseconds === 0) await ready;
  const workerSeen = (at: Date) => reportWorker(store, profile, at);
  await workerSeen(endOfTime);
  store.isUp = !options.disturbance?.down.includes("database");
  return {
    httpUrl: `http://${host}:${server.httpPort}`,
    httpsUrl: `https://${host}:${server.httpsPort}`,
    requests,
    ready,
    redis,
    database: store,
    trustProxies: server.trustProxies,
    workerSeen,
    async grantUntil(binding, end) {
      const granted = await store.get("binding", binding);
      await store.put("binding", binding, { ...granted, expires: end.toISOString() });
    },
    async fillFromSource(group, source) {
      const pk = await store.nextInteger("group_connection", 1);
      await store.put("group_connection", String(pk), { pk, group, source, identifier: `of ${source}` });
    },
    async close() {
      await server.close();
      await store.close();
    },
  };
}
