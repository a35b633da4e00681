import { networkInterfaces } from "node:os";
import { RunError } from "@pulumi/pulumi/errors";

/** Something that is fit for a lab only. */
export interface Unfit {
  readonly option:
    | "authentikUrl"
    | "authentikApiUrl"
    | "addresses"
    | "allowEveryone"
    | "provider"
    | "protectData";
  /** Goes on after the option's name, and says what to do. */
  readonly message: string;
}

export interface AuthentikFacts {
  /** As people open it. */
  readonly origin: string;
  /** As this program reaches it. */
  readonly apiUrl: string;
}

/** What is unfit about the way to authentik. */
export function unfitAuthentik({ origin, apiUrl }: AuthentikFacts): Unfit[] {
  const unfit: Unfit[] = [];
  if (isPlain(origin)) {
    unfit.push({
      option: "authentikUrl",
      message: `is ${origin}, without TLS: passwords could be read on the way. Give authentik a certificate or a proxy with one, and an https address`,
    });
  }
  if (isLoopback(origin)) {
    unfit.push({
      option: "authentikUrl",
      message: `is ${origin}, which only this machine can open: give the name that people and nodes use`,
    });
  }
  if (isPlain(apiUrl) && apiUrl !== origin && !staysHere(apiUrl)) {
    unfit.push({
      option: "authentikApiUrl",
      message: `is ${apiUrl}: the API token would cross the network without TLS. Give an https address, or one on this machine that leads there (ssh -L 9000:127.0.0.1:9000 …)`,
    });
  }
  return unfit;
}

export interface SsoFacts {
  readonly addresses: readonly string[];
  readonly allowEveryone: boolean;
  /** As `provider.postLogoutRedirectUris` has them; not known where they are outputs. */
  readonly postLogoutRedirectUris?: unknown;
}

/** What is unfit about who may log in, and where they are sent back to. */
export function unfitSso({ addresses, allowEveryone, postLogoutRedirectUris }: SsoFacts): Unfit[] {
  const unfit: Unfit[] = [];
  if (allowEveryone) {
    unfit.push({
      option: "allowEveryone",
      message: "is true: say by `access` which groups of authentik may log in",
    });
  }
  for (const address of addresses) {
    if (address.includes("*")) {
      unfit.push({
        option: "addresses",
        message: `has the wildcard ${address}: list each address, or let \`nodeAddress\` find the nodes`,
      });
    } else if (isLoopback(address)) {
      unfit.push({
        option: "addresses",
        message: `has ${address}, which only this machine can open: give the name that people use`,
      });
    }
  }
  if (Array.isArray(postLogoutRedirectUris) && postLogoutRedirectUris.some(isWide)) {
    unfit.push({
      option: "provider",
      message: "has a redirect URI that is a pattern: list each one, strictly",
    });
  }
  return unfit;
}

/** Without protection one `destroy` takes all of authentik's users along. A database of one's own is not ours to protect. */
export function unfitData({
  protectData,
  isExternal,
}: {
  protectData: boolean;
  isExternal: boolean;
}): Unfit[] {
  return protectData || isExternal
    ? []
    : [
        {
          option: "protectData",
          message: "is false: leave it out, so that the database volume is protected",
        },
      ];
}

/** @throws RunError that tells all of it at once. */
export function refuseUnfit(names: Partial<Record<Unfit["option"], string>>, unfit: readonly Unfit[]): void {
  if (unfit.length === 0) return;
  const reasons = unfit.map(({ option, message }) => `- \`${names[option] ?? option}\` ${message}.`);
  throw new RunError(
    `Not fit for production:\n${reasons.join("\n")}\nMend it; only a stack without \`production: true\` is taken for a lab's, where this is allowed.`,
  );
}

function isWide(uri: unknown): boolean {
  const { matchingMode, url } = Object(uri);
  return matchingMode === "regex" || (typeof url === "string" && url.includes("*"));
}

function isPlain(url: string): boolean {
  return url.startsWith("http:");
}

/** On Docker on this machine, authentik may listen on one of its own addresses. */
function staysHere(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return isLoopback(url) || own.some(({ address }) => address === host);
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
