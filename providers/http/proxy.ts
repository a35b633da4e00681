import { BlockList, isIP } from "node:net";
import { getProxyForUrl } from "proxy-from-env";
import { UserError } from "../core/errors";
import { familyOf, hostOf, isLoopback, parseUrl } from "./host";

/** The HTTP proxy for the connections to a server. */
export interface HttpProxy {
  readonly url: URL;
  /** The environment variable that sets it. */
  readonly variable: string;
}

/**
 * The proxy for an address, from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` in upper and lower case, as
 * in curl. Loopback addresses never use a proxy.
 */
export function proxyFor(address: string): HttpProxy | undefined {
  const target = new URL(address);
  if (isLoopback(target) || getProxyForUrl(address) === "" || isExcepted(target)) return undefined;
  const names = [`${target.protocol.slice(0, -1)}_proxy`, "all_proxy"].flatMap((name) => [
    name,
    name.toUpperCase(),
  ]);
  const variable = names.find((name) => process.env[name]);
  return variable === undefined ? undefined : { url: proxyUrl(variable), variable };
}

/** `http://proxy.example.com:3128 (HTTPS_PROXY)`, without a password. */
export function describeProxy({ url, variable }: HttpProxy): string {
  return `${url.protocol}//${url.host} (${variable})`;
}

function proxyUrl(variable: string): URL {
  const given = process.env[variable] ?? "";
  const text = given.includes("://") ? given : `http://${given}`;
  const url = parseUrl(text);
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  const what = url === undefined ? "names no URL" : `names a proxy of the kind ${url.protocol}//`;
  throw new UserError(
    `The environment variable ${variable} ${what}, which cannot be used. ` +
      "Set it to http://<host>:<port>, or list the hosts that are reached without a proxy in NO_PROXY.",
  );
}

/** Forms of `NO_PROXY` that curl supports and proxy-from-env does not: subdomains of a plain name, and networks. */
function isExcepted(target: URL): boolean {
  const host = nameOf(target);
  const list = process.env.no_proxy || process.env.NO_PROXY || "";
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => (isIP(host) === 0 ? isBelow(host, entry) : isInside(host, entry)));
}

function isBelow(host: string, entry: string): boolean {
  const domain = entry.replace(/^\*?\./, "").replace(/\.$/, "");
  return host === domain || host.endsWith(`.${domain}`);
}

function isInside(host: string, entry: string): boolean {
  const [network = "", bits = ""] = entry.replace(/[[\]]/g, "").split("/");
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(network)] ?? 0;
  const length = bits === "" ? longest : Number(bits);
  if (longest === 0 || !Number.isInteger(length) || length < 0 || length > longest) return false;
  const block = new BlockList();
  block.addSubnet(network, length, familyOf(network));
  return block.check(host, familyOf(host));
}

/** The final dot of an absolute name is ignored. */
function nameOf(target: URL): string {
  return hostOf(target).replace(/\.$/, "");
}
