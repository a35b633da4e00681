import { urlToHttpOptions } from "node:url";

/** The host of a URL as DNS, TLS and sockets take it: an IPv6 address has no brackets. */
export function hostOf(url: string | URL): string {
  return urlToHttpOptions(new URL(url)).hostname ?? "";
}
