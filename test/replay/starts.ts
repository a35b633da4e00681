import { findProfile } from "../../lab/authentik/profile";
import { type AuthentikServer, startServer } from "../../lab/authentik/server/server";
import { MemoryStore } from "../../lab/authentik/store/memory";
import { makeDefaultObjects } from "../../lab/authentik/worker/worker";
import { type Answer, isRecord, linesOf } from "./exchange";
import { send } from "./http";

/** A request that was repeated while authentik started, with each new answer. */
interface Check {
  method: string;
  path: string;
  accept: string | null;
  token: boolean;
  answers: Told[];
}

interface Told {
  status: number;
  type?: string | undefined;
  retryAfter?: string | undefined;
  body?: unknown;
}

interface Start {
  version: string;
  file: string;
  checks: Check[];
}

export interface StartOutcome {
  name: string;
  call: string;
  recorded: Told[];
  actual: Told[];
  isAlike: boolean;
}

const token = "started-token";

/** Starts the simulator like the real servers, and repeats the same requests. */
export async function replayStarts(): Promise<StartOutcome[]> {
  const starts = linesOf("starts").map((line): Start => JSON.parse(line));
  const outcomes: StartOutcome[] = [];
  for (const start of starts) outcomes.push(...(await replay(start)));
  return outcomes;
}

async function replay({ version, file, checks }: Start): Promise<StartOutcome[]> {
  const profile = findProfile(version);
  const server = await startServer({
    profile,
    host: "127.0.0.1",
    httpPort: 0,
    httpsPort: 0,
    tlsTickSeconds: 60,
  });
  const store = new MemoryStore();
  const worker = { store, profile, bootstrap: { token }, pause: async () => undefined };
  const watch = new Watch(server, checks);
  await watch.look();
  if (!file.includes("without-redis")) {
    if (file.includes("existing-db")) await makeDefaultObjects(worker);
    await server.useStore(store);
    await watch.look();
    if (file.includes("first-boot")) {
      await makeDefaultObjects({ ...worker, pause: () => watch.look() });
      await watch.look();
    }
  }
  await server.close();
  return checks.map((check, index) => {
    const actual = watch.seen[index] ?? [];
    const name = `authentik ${version}, ${file}`;
    const isAlike = follows(check.answers, actual);
    return { name, call: `${check.method} ${check.path}`, recorded: check.answers, actual, isAlike };
  });
}

class Watch {
  readonly seen: Told[][];
  readonly #origin: string;

  constructor(
    server: AuthentikServer,
    private readonly checks: Check[],
  ) {
    this.#origin = `http://127.0.0.1:${server.httpPort}`;
    this.seen = checks.map(() => []);
  }

  async look(): Promise<void> {
    for (const [index, { method, path, accept, token: hasToken }] of this.checks.entries()) {
      const headers = {
        ...(accept !== null && { accept }),
        ...(hasToken && { authorization: `Bearer ${token}` }),
        ...(method === "POST" && { "content-type": "application/json" }),
      };
      const body = method === "POST" ? "{}" : undefined;
      const told = essenceOf(await send(this.#origin, { method, path, headers, body }, undefined));
      const seen = this.seen[index];
      if (!isEqual(seen?.at(-1), told)) seen?.push(told);
    }
  }
}

function essenceOf({ status, headers, body }: Answer): Told {
  const { "content-type": type, "retry-after": retryAfter } = headers;
  const isPage = type?.startsWith("text/html");
  return { status, type, retryAfter, body: isPage ? undefined : shortened(body) };
}

/** In the form in which `pack.mjs` has shortened the recorded ones. */
function shortened(body: unknown): unknown {
  if (isRecord(body) && isRecord(body.pagination)) return { count: body.pagination.count };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return text.length >= 300 ? undefined : body;
}

/** The recorder asked every few seconds, so it may have missed states of the real server. */
function follows(recorded: Told[], actual: Told[]): boolean {
  let next = 0;
  for (const told of actual) if (isEqual(told, recorded[next])) next++;
  return (
    next === recorded.length && isEqual(actual[0], recorded[0]) && isEqual(actual.at(-1), recorded.at(-1))
  );
}

function isEqual(a: Told | undefined, b: Told | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
