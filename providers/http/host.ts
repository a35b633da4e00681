import { BlockList, isIP } from "node:net";
import { urlToHttpOptions } from "node:url";

/** `URL.canParse` of Node 20 refuses names with letters like `ü` after many calls. */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** The host of a URL for DNS, TLS and sockets: an IPv6 address without brackets. */
export function hostOf(url: string | URL): string {
  return urlToHttpOptions(new URL(url)).hostname ?? "";
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Whether the address is a loopback address. */
export function isLoopback(url: string | URL): boolean {
  const parsed = parseUrl(String(url));
  if (parsed === undefined) return false;
  const host = hostOf(parsed).replace(/\.$/, "");
  return /(^|\.)localhost$/.test(host) || (isIP(host) !== 0 && loopback.check(host, familyOf(host)));
}

export function familyOf(ip: string): "ipv4" | "ipv6" {
  return isIP(ip) === 6 ? "ipv6" : "ipv4";
}
