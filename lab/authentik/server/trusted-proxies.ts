import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";
import type { Profile } from "../profile";

/** authentik's default: the loopback and the private networks. */
const privateNetworks = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fe80::/10,::1/128";

/** Headers of a proxy about its client. 2026.8 reads all of them, earlier releases only the scheme. */
const forwarding = ["x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-host", "forwarded"] as const;

/**
 * Whether the `X-Forwarded-*` headers of a peer are trusted, according to AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS.
 * Before 2026.8 they are trusted from everybody. Since then, a list with invalid networks stops the server.
 */
export function proxyTrust(
  profile: Profile,
  networks = privateNetworks,
): (address: string | undefined) => boolean {
  if (!profile.has2026_8) return () => true;
  const trusted = new BlockList();
  for (const network of networks.split(",").map((part) => part.trim())) {
    // Empty entries are errors before 2026.8.4.
    if (network !== "") addNetwork(trusted, network);
  }
  return (address = "") => trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

function addNetwork(trusted: BlockList, network: string): void {
  const [address = "", length, ...rest] = network.split("/");
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  if (!family || rest.length > 0 || !length || !/^\d{1,3}$/.test(length) || Number(length) > longest) {
    throw new Error(`AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS: invalid IP address syntax: ${network}`);
  }
  trusted.addSubnet(address, Number(length), family === 6 ? "ipv6" : "ipv4");
}

export function removeForwarding(headers: IncomingHttpHeaders): void {
  for (const name of forwarding) delete headers[name];
}

/** Scheme and host from a proxy's headers. Earlier releases read only the scheme. */
export function forwardedOrigin(
  headers: IncomingHttpHeaders,
  { has2026_8 }: Profile,
): { scheme: string | undefined; host: string | undefined } {
  const first = (name: (typeof forwarding)[number]) =>
    String(headers[name] ?? "")
      .split(",")[0]
      ?.trim() || undefined;
  if (!has2026_8) return { scheme: first("x-forwarded-proto"), host: undefined };
  const pairs = (first("forwarded") ?? "").split(";").map((pair) => pair.trim().split("="));
  const told = (key: string) =>
    pairs.find(([name]) => name?.toLowerCase() === key)?.[1]?.replaceAll('"', "") || undefined;
  return {
    scheme: told("proto") ?? first("x-forwarded-proto") ?? first("x-forwarded-scheme"),
    host: told("host") ?? first("x-forwarded-host"),
  };
}
