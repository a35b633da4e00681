import { UserError } from "../../core/errors";
import { type Authorization, openAuthorization } from "./authentikLogin";
import type { Browser } from "./browser";

/** The calls of a login page with which an address is proved. */
export interface LoginPage {
  whyUnanswered(): Promise<string | undefined>;
  authorizationUrl(redirectUrl: string): Promise<string>;
}

/** The calls of a login page with which a login is proved. */
export interface ProvedPage extends LoginPage {
  readonly realm: string;
  logIn(code: string, state: string, redirectUrl: string): Promise<{ username: string; ticket: string }>;
  /** The permissions of the ticket's user by path. */
  permissions(ticket: string): Promise<Record<string, unknown>>;
}

interface Address {
  /** The origin that people open. */
  readonly origin: string;
  /** Proxmox as it answers there. */
  readonly proxmox: LoginPage;
}

/** A login that has begun: its authorization request is answered, and nobody has logged in yet. */
export interface BegunLogin {
  readonly browser: Browser;
  readonly authorization: Authorization;
  readonly redirectUri: string;
}

interface ProvedAddresses {
  /** The addresses that were not checked directly, with the reason. Empty if all were. */
  readonly notes: string;
  /** A login at the node of `api`, which began with the check of an address. */
  readonly begun: BegunLogin | undefined;
}

/**
 * Proves the login at each address. Every node has its own trust store, DNS and routes, so each node is checked. An
 * address that this machine cannot reach (a virtual IP, a proxy with its own certificate, another network) is no
 * failure. The node of `api` then checks its redirect URI.
 */
export async function proveAddresses(
  addresses: readonly Address[],
  api: LoginPage,
  newBrowser: () => Browser,
): Promise<ProvedAddresses> {
  const unanswered = await Promise.all(
    addresses.map(({ proxmox }) => (proxmox === api ? undefined : proxmox.whyUnanswered())),
  );
  const failures = new Map<string, string[]>();
  let begun: BegunLogin | undefined;
  for (const [index, { origin, proxmox }] of addresses.entries()) {
    const asked = unanswered[index] === undefined ? proxmox : api;
    try {
      const login = await beginLogin(asked, newBrowser(), origin);
      // A node keeps the state of its own logins, so only the node of `api` can end this one.
      if (asked === api) begun ??= login;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.set(error.message, [...(failures.get(error.message) ?? []), origin]);
    }
  }
  if (failures.size > 0) throw new UserError(describe(failures, addresses.length));
  const reasons = unanswered.filter((reason) => reason !== undefined);
  const notes =
    reasons.length === 0
      ? ""
      : ` Some addresses cannot be reached from here. Make sure that the nodes behind them trust authentik's CA: ${reasons.join(" ")}`;
  return { notes, begun };
}

/** Requests an authorization URL and opens it. */
export async function beginLogin(
  page: LoginPage,
  browser: Browser,
  redirectUri: string,
): Promise<BegunLogin> {
  const authorization = await openAuthorization(browser, await page.authorizationUrl(redirectUri));
  return { browser, authorization, redirectUri };
}

/** The first call uses the login that has begun already. Each further call begins a new one. */
export function beginning(
  begun: BegunLogin | undefined,
  begin: () => Promise<BegunLogin>,
): () => Promise<BegunLogin> {
  let first = begun;
  return async () => {
    const login = first ?? (await begin());
    first = undefined;
    return login;
  };
}

function describe(failures: ReadonlyMap<string, readonly string[]>, addresses: number): string {
  return [...failures]
    .map(([message, origins]) => (addresses === 1 ? message : `At ${origins.join(", ")}: ${message}`))
    .join("\n");
}
