import type { AuthentikClient } from "../../authentik/client";
import type { Group } from "../../authentik/wire";
import { UserError } from "../../core/errors";
import type { BegunLogin } from "./addresses";
import { groupNamed } from "./ownGroups";
import { type LoggedIn, OwnSession } from "./ownSession";
import { whatIsLeft } from "./ownUser";

/** The sessions of proofs that run at the same time. The last of these proofs removes the users. */
class SharedSessions {
  /** By the flow of the login, which can differ between applications. */
  readonly byFlow = new Map<string, OwnSession>();
  readonly groups = new Map<string, Promise<Group | undefined>>();
  readonly #all: OwnSession[] = [];
  readonly #failures = new Map<OwnSession, string[]>();
  readonly #ended: Promise<void>;
  #end: () => void = () => {};
  #proofs = 0;

  constructor() {
    this.#ended = new Promise((end) => {
      this.#end = end;
    });
  }

  get isUsed(): boolean {
    return this.#proofs > 0;
  }

  enter(): void {
    this.#proofs += 1;
  }

  add(flow: string, session: OwnSession): void {
    this.byFlow.set(flow, session);
    this.#all.push(session);
  }

  leave(): void {
    this.#proofs -= 1;
    if (!this.isUsed) void this.#removeUsers();
  }

  /** Waits until all users are removed. Returns why these could not be removed. */
  async failuresOf(sessions: readonly OwnSession[]): Promise<string[]> {
    await this.#ended;
    return sessions.flatMap((session) => this.#failures.get(session) ?? []);
  }

  async #removeUsers(): Promise<void> {
    await Promise.all(this.#all.map(async (session) => this.#failures.set(session, await session.remove())));
    this.#end();
  }
}

/** What one proof uses of the sessions. */
export class Sessions {
  readonly #client: AuthentikClient;
  readonly #shared: SharedSessions;
  readonly #begun: OwnSession[] = [];

  constructor(client: AuthentikClient, shared = new SharedSessions()) {
    this.#client = client;
    this.#shared = shared;
    shared.enter();
  }

  sessionFor({ authorization }: BegunLogin): OwnSession {
    const flow = authorization.target.pathname;
    const known = this.#shared.byFlow.get(flow);
    if (known) return known;
    const session = new OwnSession(this.#client);
    this.#shared.add(flow, session);
    return session;
  }

  /** The first proof that calls this makes the user, under the slug of its application. */
  begin(session: OwnSession, slug: string, login: BegunLogin): Promise<LoggedIn> {
    if (!session.isBegun) this.#begun.push(session);
    return session.begin(slug, login);
  }

  /** Later proofs get another user. */
  forget(session: OwnSession): void {
    for (const [flow, known] of this.#shared.byFlow) {
      if (known === session) this.#shared.byFlow.delete(flow);
    }
  }

  async groupNamed(name: string): Promise<Group | undefined> {
    const { groups } = this.#shared;
    const found = groups.get(name) ?? groupNamed(this.#client, name);
    groups.set(name, found);
    found.catch(() => groups.delete(name));
    return found;
  }

  /**
   * The proof that has created a user ends only after the user's removal. After a kill, the next run therefore
   * repeats this proof, which removes the user.
   * @returns why its users could not be removed
   */
  async leave(): Promise<string[]> {
    this.#shared.leave();
    return this.#begun.length === 0 ? [] : this.#shared.failuresOf(this.#begun);
  }
}

const running = new WeakMap<AuthentikClient, Map<string, SharedSessions>>();

/**
 * Runs a proof with sessions that it shares with all proofs of the same authentik that run or wait meanwhile.
 * @param browser what the browsers of these proofs have in common: the address, and whom they trust
 */
export async function inSharedSessions<Result>(
  client: AuthentikClient,
  browser: string,
  proof: (sessions: Sessions) => Promise<Result>,
): Promise<Result> {
  const ofClient = running.get(client) ?? new Map<string, SharedSessions>();
  running.set(client, ofClient);
  const known = ofClient.get(browser);
  const shared = known?.isUsed ? known : new SharedSessions();
  ofClient.set(browser, shared);
  return inSessions(new Sessions(client, shared), proof);
}

/** Runs a proof, and ends its part in the sessions. */
export async function inSessions<Result>(
  sessions: Sessions,
  proof: (sessions: Sessions) => Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await proof(sessions);
  } catch (error) {
    const left = await sessions.leave();
    throw left.length > 0 && error instanceof UserError
      ? new UserError(`${error.message} ${whatIsLeft(left)}`)
      : error;
  }
  const left = await sessions.leave();
  if (left.length > 0) throw new UserError(whatIsLeft(left));
  return result;
}
