import { BlockList, isIP } from "node:net";
import { urlToHttpOptions } from "node:url";

/** The host of a URL as DNS, TLS and sockets take it: an IPv6 address has no brackets. */
export function hostOf(url: string | URL): string {
  return urlToHttpOptions(new URL(url)).hostname ?? "";
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Whether only this machine can open it. */
export function isLoopback(url: string | URL): boolean {
  if (!URL.canParse(String(url))) return false;
  const host = hostOf(url).replace(/\.$/, "");
  return /(^|\.)localhost$/.test(host) || (isIP(host) !== 0 && loopback.check(host, familyOf(host)));
}

export function familyOf(ip: string): "ipv4" | "ipv6" {
  return isIP(ip) === 6 ? "ipv6" : "ipv4";
}
