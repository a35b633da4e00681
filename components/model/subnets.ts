import { IPv4 } from "ipaddr.js";

/** Room for the network address, the gateway, the broadcast address and four containers. */
const longestPrefix = 29;
const shortestPrefix = 8;
/** Ranges whose addresses are not those of a machine in a network. */
const otherRanges = ["unspecified", "loopback", "multicast", "reserved", "broadcast"];

/** Subnets of a stack's two networks. */
export interface Subnets {
  readonly frontend?: string | undefined;
  readonly backend?: string | undefined;
}

/** Why Docker cannot use these subnets. Each message continues after the option's name. */
export function problemsWithSubnets({ frontend, backend }: Subnets = {}): string[] {
  const wrong = [frontend, backend].flatMap((subnet) => (subnet && problemWithSubnet(subnet)) ?? []);
  if (wrong.length > 0 || !frontend || !backend) return wrong;
  return isWithin(frontend, backend) || isWithin(backend, frontend)
    ? [`has ${frontend} and ${backend}, which overlap: give each network its own`]
    : [];
}

function problemWithSubnet(text: string): string | undefined {
  if (!IPv4.isValidCIDRFourPartDecimal(text)) {
    return `has "${text}", which is not a subnet of IPv4: write an address and a length, e.g. 10.210.0.0/24`;
  }
  const [address, length] = IPv4.parseCIDR(text);
  if (length > longestPrefix || length < shortestPrefix) {
    return `has ${text}: give a length from ${shortestPrefix} to ${longestPrefix}`;
  }
  const first = IPv4.networkAddressFromCIDR(text).toString();
  if (first !== address.toString()) return `has ${text}: the subnet begins at ${first}/${length}`;
  if (otherRanges.includes(address.range())) {
    return `has ${text}, which is not a range for machines: use a private one, e.g. 10.210.0.0/24`;
  }
  return undefined;
}

/** The first host address of a subnet. Docker uses it as the gateway. */
export function gatewayOf(subnet: string): string {
  const [a = 0, b = 0, c = 0, own = 0] = IPv4.networkAddressFromCIDR(subnet).toByteArray();
  return [a, b, c, own + 1].join(".");
}

function isWithin(inner: string, outer: string): boolean {
  return IPv4.parse(inner.split("/")[0] ?? "").match(IPv4.parseCIDR(outer));
}
