import { UserError } from "../../core/errors";
import { openAuthorization } from "./authentikLogin";
import type { Browser } from "./browser";

/** The calls of a login page with which an address is proved. */
export interface LoginPage {
  whyUnanswered(): Promise<string | undefined>;
  authorizationUrl(redirectUrl: string): Promise<string>;
}

interface Address {
  /** The origin that people open. */
  readonly origin: string;
  /** Proxmox as it answers there. */
  readonly proxmox: LoginPage;
}

/**
 * Proves the login at each address. Every node has its own trust store, DNS and routes, so each node is checked. An
 * address that this machine cannot reach (a virtual IP, a proxy with its own certificate, another network) is no
 * failure. The node of `api` then checks its redirect URI.
 * @returns the addresses that were not checked directly, with the reason; empty if all were
 */
export async function proveAddresses(
  addresses: readonly Address[],
  api: LoginPage,
  newBrowser: () => Browser,
): Promise<string> {
  const unanswered = await Promise.all(
    addresses.map(({ proxmox }) => (proxmox === api ? undefined : proxmox.whyUnanswered())),
  );
  const failures = new Map<string, string[]>();
  for (const [index, { origin, proxmox }] of addresses.entries()) {
    const asked = unanswered[index] === undefined ? proxmox : api;
    try {
      await openAuthorization(newBrowser(), await asked.authorizationUrl(origin));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.set(error.message, [...(failures.get(error.message) ?? []), origin]);
    }
  }
  if (failures.size > 0) throw new UserError(describe(failures, addresses.length));
  const reasons = unanswered.filter((reason) => reason !== undefined);
  return reasons.length === 0
    ? ""
    : ` Some addresses cannot be reached from here. Make sure that the nodes behind them trust authentik's CA: ${reasons.join(" ")}`;
}

function describe(failures: ReadonlyMap<string, readonly string[]>, addresses: number): string {
  return [...failures]
    .map(([message, origins]) => (addresses === 1 ? message : `At ${origins.join(", ")}: ${message}`))
    .join("\n");
}
