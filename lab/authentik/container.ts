import { writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Profile } from "./profile";
import { startServer } from "./server/server";
import {
  type Environment,
  readBootstrap,
  readDatabaseSettings,
  readSetting,
  readTlsTick,
  requireSecretKey,
} from "./settings";
import { PostgresStore } from "./store/postgres";
import type { Store } from "./store/store";
import { makeDefaultObjects, reportWorker } from "./worker/worker";

/** The commands of the container image: server, worker and healthcheck. */

const HTTP_PORT = 9000;
const HTTPS_PORT = 9443;
const RETRY_MILLISECONDS = 1000;
const HEARTBEAT_MILLISECONDS = 5000;
const STALE_MILLISECONDS = 30_000;
const GRACE_MILLISECONDS = 5000;
const HEALTHCHECK_MILLISECONDS = 5000;
/** File with the mode of this container, for the health check. */
const MODE_FILE = join(tmpdir(), "authentik-mode");

export async function runServer(profile: Profile, environment: Environment): Promise<void> {
  requireSecretKey(environment);
  writeMode("server");
  const server = await startServer({
    profile,
    httpPort: HTTP_PORT,
    httpsPort: HTTPS_PORT,
    trustedProxies: environment.AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS,
    settings: { baseUrl: readSetting(environment, "AUTHENTIK_WEB__BASE_URL", "") },
    tlsTickSeconds: readTlsTick(environment),
    graceMilliseconds: GRACE_MILLISECONDS,
  });
  closeOnSignal(() => server.close());
  console.log(`simulated authentik ${profile.version}: server on ports ${HTTP_PORT} and ${HTTPS_PORT}`);
  await server.useStore(await openStore(profile, environment));
  console.log("database found, ready");
}

export async function runWorker(profile: Profile, environment: Environment): Promise<void> {
  requireSecretKey(environment);
  writeMode("starting");
  closeOnSignal(async () => {});
  console.log(`simulated authentik ${profile.version}: worker`);
  const store = await openStore(profile, environment);
  await beat(store);
  await makeDefaultObjects({
    store,
    profile,
    bootstrap: readBootstrap(environment),
    pause: () => sleep(Number(environment.LAB_WORKER_DELAY ?? "1000")),
  });
  console.log("default objects made");
  for (;;) {
    await beat(store);
    await reportWorker(store, profile).catch(() => {});
    await sleep(HEARTBEAT_MILLISECONDS);
  }
}

/** Exits with 0 if the server or worker of this container is healthy. */
export async function runHealthcheck(): Promise<void> {
  process.exitCode = (await isHealthy()) ? 0 : 1;
}

async function isHealthy(): Promise<boolean> {
  const mode = await readMode();
  if (mode === undefined || mode.name === "starting") return false;
  if (mode.name === "worker") return Date.now() - mode.modified < STALE_MILLISECONDS;
  return new Promise((resolve) => {
    const request = get(`http://localhost:${HTTP_PORT}/-/health/live/`, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.setTimeout(HEALTHCHECK_MILLISECONDS, () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

async function readMode(): Promise<{ name: string; modified: number } | undefined> {
  try {
    return { name: await readFile(MODE_FILE, "utf8"), modified: (await stat(MODE_FILE)).mtimeMs };
  } catch (error) {
    console.error(`neither server nor worker runs here: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function writeMode(mode: string): void {
  writeFileSync(MODE_FILE, mode);
}

async function beat(store: Store): Promise<void> {
  try {
    await store.ping();
    writeMode("worker");
  } catch (error) {
    console.error(`database unreachable: ${error instanceof Error ? error.message : error}`);
  }
}

/** Server and worker wait for their services without a limit. The owner of the container decides when to stop. */
async function openStore(profile: Profile, environment: Environment): Promise<Store> {
  if (profile.needsRedis) await waitFor("redis", () => pingRedis(environment));
  return waitFor("postgresql", () => PostgresStore.open(readDatabaseSettings(environment), profile.version));
}

async function pingRedis(environment: Environment): Promise<void> {
  const { Redis } = await import("ioredis");
  const redis = new Redis({
    host: readSetting(environment, "AUTHENTIK_REDIS__HOST", "localhost"),
    password: readSetting(environment, "AUTHENTIK_REDIS__PASSWORD", ""),
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // connect() throws the error that matters.
  redis.on("error", () => {});
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

async function waitFor<T>(name: string, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      console.error(`${name} connection failed, retrying: ${error instanceof Error ? error.message : error}`);
      await sleep(RETRY_MILLISECONDS);
    }
  }
}

function closeOnSignal(close: () => Promise<void>): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      close().finally(() => process.exit(0));
    });
  }
}
