import { RunError } from "@pulumi/pulumi";
import { isLoopback, parseUrl } from "../../providers/http/host";
import { cannotExist, problemWithWritten, shownAddress } from "../../providers/http/written";

/** An invalid address. The message explains the fix. */
export class AddressError extends RunError {}

const proxmoxExample = "https://pve.example.com:8006";

/**
 * The redirect URI for an address where people open Proxmox. Proxmox's web page sends `location.origin`: no slash or
 * path, lower case, no `:443`.
 */
export function redirectUriOf(address: string): string {
  const url = parse(address, proxmoxExample);
  if (url.protocol !== "https:") {
    throw new AddressError(
      `"${shownAddress(address)}": Proxmox is only served over https. Write https://… with its port, usually :8006.`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new AddressError(
      `"${shownAddress(address)}" must be only scheme, host and port, e.g. https://pve.example.com:8006.`,
    );
  }
  requireHost(url, patternLabel, address);
  return url.origin;
}

/** The URL of Proxmox's API. It may have a path, for example behind a gateway. */
export function proxmoxApiUrlOf(address: string): string {
  const origin = redirectUriOf(address);
  requireHost(parse(address, proxmoxExample), nameLabel, address);
  return origin + parse(address, proxmoxExample).pathname.replace(/(\/api2(\/(json|extjs))?)?\/*$/, "");
}

/** A label of a host name in DNS. */
const nameLabel = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
/** An address where people log in may have wildcards. */
const patternLabel = /^(?!-)[a-z0-9_*-]{1,63}(?<!-)$/;

/** A URL parser accepts names and ports that no server can have. */
function requireHost({ hostname, port }: URL, label: RegExp, address: string): void {
  const labels = hostname.replace(/\.$/, "").split(".");
  const isRight = hostname.startsWith("[") || labels.every((one) => label.test(one));
  if (isRight && port !== "0") return;
  throw new AddressError(`"${shownAddress(address)}" ${cannotExist}.`);
}

/** authentik's address without path or slash. All its URLs start with it. */
export function authentikOrigin(address: string): string {
  const url = parse(address, "https://auth.example.com");
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new AddressError(`"${shownAddress(address)}" must start with https:// (or http://).`);
  }
  if (url.pathname !== "/" || url.search || url.hash || url.username || url.password) {
    throw new AddressError(
      `"${shownAddress(address)}" must be only scheme, host and port: authentik's issuer is made from it.` +
        (url.pathname === "/" ? "" : " authentik below a path (AUTHENTIK_WEB__PATH) is not supported."),
    );
  }
  requireHost(url, nameLabel, address);
  return url.origin;
}

/** The issuer of an application's provider, as in its discovery document: with a slash at the end. */
export function issuerOf(origin: string, slug: string): string {
  return `${origin}/application/o/${slug}/`;
}

/**
 * The URL of authentik's plain http port on the Docker host. The Docker host is this machine, unless Docker uses ssh
 * or tcp.
 */
export function apiUrlOnDocker(docker: {
  origin: string;
  dockerHost: string | undefined;
  bindAddress: string;
  httpPort: number;
}): string {
  const { origin, dockerHost, bindAddress, httpPort } = docker;
  if (isDockerElsewhere(dockerHost)) {
    return `http://${new URL(origin).hostname}:${httpPort}`;
  }
  return `${urlAt(isEveryAddress(bindAddress) ? "127.0.0.1" : bindAddress)}:${httpPort}`;
}

/** The http URL of an IP address. */
export function urlAt(address: string): string {
  return `http://${address.includes(":") ? `[${address}]` : address}`;
}

/** Whether a port on this address is published on all addresses of the Docker host. */
export function isEveryAddress(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** Whether the Docker Engine is on another machine. */
export function isDockerElsewhere(dockerHost: string | undefined): boolean {
  const host = dockerHost === undefined ? undefined : parseUrl(dockerHost);
  return host !== undefined && isElsewhere(host);
}

/** A tcp address can also be this machine, for example with Docker Desktop. */
function isElsewhere(host: URL): boolean {
  return host.protocol === "ssh:" || (/^(tcp|https?):$/.test(host.protocol) && !isLoopback(host));
}

function parse(address: string, example: string): URL {
  const problem = problemWithWritten(address, example);
  const url = parseUrl(address);
  if (problem === undefined && url !== undefined) return url;
  throw new AddressError(`"${shownAddress(address)}" ${problem ?? cannotExist}.`);
}
