import type { AuthentikClient } from "../../authentik/client";
import { UserError } from "../../core/errors";
import { Limit, PerServer } from "../../core/limit";
import { isAsSaid } from "../../core/versions";
import { paces } from "../../http/pace";
import type { TrustOptions } from "../../http/tls";
import type { ProxmoxClient } from "../../proxmox/client";
import type { ProxmoxConnection } from "../../proxmox/connection";
import { askProxmoxVersion, proxmoxVersions } from "../../proxmox/versions";
import { type BegunLogin, beginLogin, beginning, proveAddresses } from "./addresses";
import { codeIn, continueLogin, type TestUser } from "./authentikLogin";
import { Browser } from "./browser";
import { claimedName } from "./claimedName";
import { type Algorithm, type ExpectedProvider, orExplained, proveClaim, proveKey } from "./discovery";
import type { OwnLoginOptions } from "./ownLoginSteps";
import { ProofUser } from "./proofUser";
import { ProxmoxLogin } from "./proxmox";
import { inSharedSessions, type Sessions } from "./sharedSessions";
import { tryOwnUser } from "./tryOwnUser";

/** authentik also answers the nodes of all proofs, so there are only as many as it gets requests at a time. */
const proofs = new PerServer((origin) => new Limit(() => paces.of(origin).atOnce));

export interface Chain extends ExpectedProvider {
  readonly authentikCaCertificate?: string | undefined;
  readonly authentikFingerprint?: string | undefined;
  readonly proxmox: ProxmoxConnection;
  readonly realm: string;
  /** Origins where people open Proxmox. */
  readonly redirectUris: readonly string[];
  /** Version of Proxmox in the configuration. */
  readonly expectedProxmoxVersion?: string | undefined;
}

export interface Proof {
  /** The result of the proof, in one sentence. */
  readonly summary: string;
  /** The Proxmox user that logged in, `name@realm`. Empty without a test user. */
  readonly userId: string;
}

/** For a proof that creates its user. */
interface OwnUserGiven {
  readonly authentik: AuthentikClient;
  readonly own: OwnLoginOptions;
}

/** The user of the login: a configured one, or one that the proof creates. */
export type Who = { readonly testUser: TestUser } | OwnUserGiven;

/** The same, in a proof that runs. */
export type WhoNow = { readonly testUser: TestUser } | (OwnUserGiven & { readonly sessions: Sessions });

/** Runs a proof. Limits the number of simultaneous proofs for an authentik, which share the user that they create. */
export function inTurn(
  chain: Chain,
  who: Who | undefined,
  proof: (who?: WhoNow) => Promise<Proof>,
): Promise<Proof> {
  const run = (now?: WhoNow) => proofs.of(chain.issuerUrl).run(() => proof(now));
  if (who === undefined || "testUser" in who) return run(who);
  const browser = JSON.stringify([new URL(chain.issuerUrl).origin, trustOf(chain)]);
  return inSharedSessions(who.authentik, browser, (sessions) => run({ ...who, sessions }));
}

export function trustOf({ authentikCaCertificate, authentikFingerprint }: Chain): TrustOptions {
  return { caCertificate: authentikCaCertificate, fingerprint: authentikFingerprint };
}

export function proveLogin(chain: Chain, api: ProxmoxClient, who?: Who): Promise<Proof> {
  return inTurn(chain, who, (now) => proveChain(chain, api, now));
}

/**
 * Performs each step of a login like a browser and Proxmox. It stops at the first failure, and names the fix. It
 * contacts authentik from here first, because an authentik that does not answer blocks Proxmox's workers.
 */
async function proveChain(chain: Chain, api: ProxmoxClient, who?: WhoNow): Promise<Proof> {
  const newBrowser = () => new Browser(new URL(chain.issuerUrl).origin, trustOf(chain));
  const algorithm = await proveKey(newBrowser(), chain);
  if (who === undefined || "testUser" in who) await proveClaim(newBrowser(), chain);
  const proxmoxAt = (url: string) =>
    new ProxmoxLogin({ ...chain.proxmox, url }, chain.realm, chain.authentikCaCertificate);
  const proxmox = proxmoxAt(chain.proxmox.url);
  const addresses = chain.redirectUris.map((origin) => ({
    origin,
    proxmox: origin === new URL(chain.proxmox.url).origin ? proxmox : proxmoxAt(origin),
  }));
  const { notes: notAsked, begun } = await orExplained(
    proveAddresses(addresses, proxmox, newBrowser),
    newBrowser,
    chain,
  );
  const notes = `${await notAsSaid(chain, api)}${notAsked}`;
  const ways = `${chain.redirectUris.length} address${chain.redirectUris.length === 1 ? "" : "es"}`;
  const [redirectUri] = chain.redirectUris;
  if (redirectUri === undefined)
    throw new UserError("No address to log in at is configured. Set at least one.");
  const begin = beginning(begun, () => beginLogin(proxmox, newBrowser(), redirectUri));
  const agreed = async (why: string) => ({
    summary: `Proxmox and authentik agree on issuer, signing key and redirect URI for ${ways}; ${why}${await unmeasured(algorithm, api)}${notes}`,
    userId: "",
  });
  if (who === undefined) return agreed("no test user was given, so nobody logged in.");
  if ("testUser" in who) {
    const { userId, paths, note } = await wholeLogin(await begin(), proxmox, api, who.testUser);
    return {
      userId,
      summary: `"${userId}" logged in through authentik (${ways} checked), with permissions on ${paths} paths.${note}${notes}`,
    };
  }
  const place = { authentik: who.authentik, newBrowser, begin, proxmox, api };
  const tried = await tryOwnUser(chain, place, who);
  if ("nobody" in tried) return agreed(`nobody logged in: ${tried.nobody}`);
  return {
    summary: `A user that the proof made logged in through authentik (${ways} checked), and was removed.${tried.proved}${notes}`,
    userId: "",
  };
}

async function notAsSaid({ expectedProxmoxVersion: said }: Chain, api: ProxmoxClient): Promise<string> {
  const version = said ? await askProxmoxVersion(api) : "";
  if (!said || isAsSaid(version, said)) return "";
  return ` This is Proxmox VE ${version}, but the configuration says ${said}, and the preview checks options against that. Set the version there to ${version}.`;
}

/** A hint for versions with which no login was measured, if there is no test login. */
async function unmeasured(algorithm: Algorithm, api: ProxmoxClient): Promise<string> {
  if (algorithm === "RS256") return "";
  const version = await askProxmoxVersion(api);
  const measured = proxmoxVersions.measuredWithEllipticCurves;
  return version.startsWith(measured)
    ? ""
    : ` The signing key is elliptic (${algorithm}): logins with such keys were tested only with Proxmox VE ${measured}, and this is ${version}. ` +
        "Log in once; if that fails, use an RSA key, which works with every version.";
}

async function wholeLogin(
  begun: BegunLogin,
  proxmox: ProxmoxLogin,
  api: ProxmoxClient,
  user: TestUser,
): Promise<{ userId: string; paths: number; note: string }> {
  try {
    return await loginAs(user.username, begun, proxmox, api, user);
  } catch (error) {
    const { browser, redirectUri } = begun;
    const name = await claimedName(browser, api, proxmox.realm).catch(() => undefined);
    if (name === undefined || name === user.username) throw error;
    return await loginAs(name, await beginLogin(proxmox, browser, redirectUri), proxmox, api, user);
  }
}

/** @param name the probable value of the realm's username claim */
async function loginAs(
  name: string,
  { browser, authorization, redirectUri }: BegunLogin,
  proxmox: ProxmoxLogin,
  api: ProxmoxClient,
  user: TestUser,
): Promise<{ userId: string; paths: number; note: string }> {
  const proofUser = await ProofUser.expect(api, `${name}@${proxmox.realm}`);
  try {
    const back = await continueLogin(browser, authorization, user);
    const { ticket, username: userId } = await proxmox.logIn(...codeIn(back), redirectUri);
    proofUser.loggedInAs(userId);
    const permissions = await proxmox.permissions(ticket);
    return { userId, paths: Object.keys(permissions).length, note: proofUser.note };
  } finally {
    await proofUser.remove();
  }
}
