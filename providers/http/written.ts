import { isIPv4 } from "node:net";
import { parseUrl } from "./host";

/** An address for a message: without user name, password, query and fragment, which can be secret. */
export function shownAddress(address: string): string {
  return (
    address
      // A password can contain any character, and also an @.
      .replace(/^(\s*[a-z][a-z0-9+.-]*:[/\\]+)?.*@/is, "$1…@")
      .replace(/([?#]).*$/s, "$1…")
      // The @ and the host may be missing after a user name and password.
      .replace(/^(\s*(?:[a-z][a-z0-9+.-]*:[/\\]+)[^/\\:[]+:)(?!\d+\s*(?:[/\\]|[?#]…|$)).+$/is, "$1…")
  );
}

/** Why the host or port of an address cannot be used. URL parsers accept or convert some of these. */
export function problemWithWritten(address: string, example: string): string | undefined {
  const [, slashes, authority = ""] =
    /^\s*[a-z][a-z0-9+.-]*:([/\\]*)([^/\\?#]*)/is.exec(address.trim()) ?? [];
  const isHttp = /^\s*https?:/i.test(address);
  const url = parseUrl(address);
  if (slashes === undefined || (!isHttp && slashes !== "//")) {
    return url === undefined ? `is not a URL. Write it with its scheme, e.g. ${example}` : undefined;
  }
  if (isHttp && slashes !== "//") return `must have // after its scheme, e.g. ${example}`;
  const [, host = "", port] = /^(\[[^\]]*\]|.*?)(?::([^:]*))?$/s.exec(authority.replace(/^.*@/s, "")) ?? [];
  if (/\s/.test(authority)) return "has a space or line break in its host: remove it";
  if (/^\[.*%/.test(host)) {
    return "has the zone of an IPv6 address, which a URL cannot have. Write a host name, or the address without its zone";
  }
  if (!host.startsWith("[") && host.includes(":")) {
    return "has an IPv6 address without brackets: write it as [2001:db8::7]";
  }
  if (port && Number(port) > 65_535) return "has a port above 65535: correct it";
  if (url === undefined) return cannotExist;
  return problemWithHost(host);
}

export const cannotExist = "has a host name or port that cannot exist: correct it";

/** Some programs read a number as an IPv4 address, such as `192.168.1` as 192.168.0.1. */
export function problemWithHost(host: string): string | undefined {
  const name = host.replace(/\.$/, "");
  const read = parseUrl(`http://${name}`)?.hostname ?? "";
  if (isIPv4(read) && read !== name) {
    return `would be read as the IPv4 address ${read}: write the address in full, with four numbers`;
  }
  const ascii = (read || name).replace(/\.$/, "");
  return ascii.length > 253 || (!ascii.startsWith("[") && ascii.split(".").some((one) => one.length > 63))
    ? "has a host name above 253 characters, or a part of it above 63: correct it"
    : undefined;
}
