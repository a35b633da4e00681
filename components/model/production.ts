import { networkInterfaces } from "node:os";
import { hostOf, isLoopback } from "../../providers/http/host";
import { urlAt } from "./addresses";
import type { Mistake } from "./mistakes";
import type { Sso } from "./resolved";

/** Settings of the connection to authentik that production mode refuses. */
export function unfitAuthentik({ origin, apiUrl }: { origin: string; apiUrl: string }): Mistake[] {
  const unfit: Mistake[] = [];
  if (isPlain(origin)) {
    unfit.push({
      path: "url",
      message: `is ${origin}, without TLS: others in the network could read passwords. Give authentik a certificate or a proxy with one, and set an https address`,
    });
  }
  if (isLoopback(origin)) {
    unfit.push({
      path: "url",
      message: `is ${origin}, which only this machine can open: set the name that people and nodes use`,
    });
  }
  if (isPlain(apiUrl) && apiUrl !== origin && !staysHere(apiUrl)) {
    unfit.push({
      path: "apiUrl",
      message: `is ${apiUrl}: the API token would cross the network without TLS. Set an https address. Or open the tunnel ssh -L 9000:127.0.0.1:80 user@host (80 is httpPort), and set http://127.0.0.1:9000`,
    });
  }
  return unfit;
}

/** authentik's plain http port, although authentik has a certificate. Only an option opens it for other machines. */
export function unfitHttp({
  tls,
  httpBindAddress,
}: {
  tls: object | undefined;
  httpBindAddress: string | undefined;
}): Mistake[] {
  return tls === undefined || httpBindAddress === undefined || isLoopback(urlAt(httpBindAddress))
    ? []
    : [
        {
          path: "httpBindAddress",
          message: `is ${httpBindAddress}: other machines reach authentik without TLS there, although it has a certificate. Remove the option, or set 127.0.0.1`,
        },
      ];
}

/** Settings of single sign-on that production mode refuses: who may log in, and the redirect URIs. */
export function unfitSso({
  addresses,
  allowEveryone,
  options,
}: Pick<Sso, "addresses" | "allowEveryone" | "options">): Mistake[] {
  const unfit: Mistake[] = [];
  const { postLogoutRedirectUris } = options.oauth2 ?? {};
  if (allowEveryone) {
    unfit.push({
      path: "allowEveryone",
      message: "is true: declare in `access` which groups of authentik may log in",
    });
  }
  for (const address of addresses) {
    if (address.includes("*")) {
      unfit.push({
        path: "proxmox.addresses",
        message: `has the wildcard ${address}: list each address, or set \`nodeAddress\`, which finds the nodes`,
      });
    } else if (isLoopback(address)) {
      unfit.push({
        path: "proxmox.addresses",
        message: `has ${address}, which only this machine can open: set the name that people use`,
      });
    }
  }
  if (Array.isArray(postLogoutRedirectUris) && postLogoutRedirectUris.some(isWide)) {
    unfit.push({
      path: "oauth2.postLogoutRedirectUris",
      message: "has a redirect URI that is a pattern: list each URI in full",
    });
  }
  return unfit;
}

/** An unprotected volume loses all of authentik's users at one `destroy`. An external database is not managed here. */
export function unfitData({
  protectData,
  isExternal,
}: {
  protectData: boolean;
  isExternal: boolean;
}): Mistake[] {
  return protectData || isExternal
    ? []
    : [
        {
          path: "protectData",
          message: "is false: remove it to protect the database volume",
        },
      ];
}

/** The same mistakes, with a prefix that names production mode. */
export function forProduction(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.map(({ path, message }) => ({ path, message: `${message} (for production)` }));
}

function isWide(uri: unknown): boolean {
  const { matchingMode, url } = Object(uri);
  return matchingMode === "regex" || (typeof url === "string" && url.includes("*"));
}

function isPlain(url: string): boolean {
  return url.startsWith("http:");
}

/** Whether requests to authentik stay on this machine: Docker may publish the port on an address of this machine. */
function staysHere(url: string): boolean {
  const host = hostOf(url);
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return isLoopback(url) || own.some(({ address }) => address === host);
}
