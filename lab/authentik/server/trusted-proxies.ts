import { BlockList, isIPv6 } from "node:net";

/** authentik's own default: the loopback and the private networks. */
const privateNetworks = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fe80::/10,::1/128";

/** Whether a peer's `X-Forwarded-*` headers are believed, by the networks of AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS. */
export function proxyTrust(networks = privateNetworks): (address: string | undefined) => boolean {
  const trusted = new BlockList();
  for (const network of networks.split(",")) {
    const [address = "", length = ""] = network.trim().split("/");
    trusted.addSubnet(address, Number(length), isIPv6(address) ? "ipv6" : "ipv4");
  }
  return (address = "") => trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
