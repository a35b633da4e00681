import { isIPv4 } from "node:net";

/** Docker's own address, and four containers. */
const longestPrefix = 29;
const shortestPrefix = 8;

/** Of a stack's two networks. */
export interface Subnets {
  readonly frontend?: string | undefined;
  readonly backend?: string | undefined;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Why Docker could not give the networks these addresses; each goes on after the option's name. */
export function whyNoSubnets({ frontend, backend }: Subnets = {}): string[] {
  const wrong = [frontend, backend].flatMap((subnet) => (subnet && whyNoSubnet(subnet)) ?? []);
  if (wrong.length > 0 || !frontend || !backend) return wrong;
  const [one, other] = [rangeOf(frontend), rangeOf(backend)];
  return one.first <= other.last && other.first <= one.last
    ? [`has ${frontend} and ${backend}, which overlap: give each network its own`]
    : [];
}

function whyNoSubnet(text: string): string | undefined {
  const [, address = "", length = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  if (!isIPv4(address) || Number(length) > 32) {
    return `has "${text}", which is not a subnet of IPv4: write an address and a length, e.g. 10.210.0.0/24`;
  }
  if (Number(length) > longestPrefix || Number(length) < shortestPrefix) {
    return `has ${text}: give a length from ${shortestPrefix} to ${longestPrefix}`;
  }
  const { first } = rangeOf(text);
  if (addressOf(first) !== address) return `has ${text}: the subnet begins at ${addressOf(first)}/${length}`;
  const start = first >>> 24;
  if (start === 0 || start === 127 || start >= 224) {
    return `has ${text}, whose addresses mean something else: give private ones, e.g. 10.210.0.0/24`;
  }
  return undefined;
}

/** The first address of a subnet after its own, which Docker takes for itself. */
export function gatewayOf(subnet: string): string {
  return addressOf(rangeOf(subnet).first + 1);
}

function rangeOf(text: string): Range {
  const [address = "", length = ""] = text.split("/");
  const size = 2 ** (32 - Number(length));
  const number = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}
