import { z } from "zod";

/** The variable with the networks whose `X-Forwarded-*` headers authentik trusts. */
export const trustedProxiesVariable = "AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS";

const network = z.union([z.cidrv4(), z.cidrv6()]);

/**
 * Why authentik would not start with these networks. Since 2026.8 it exits if it cannot parse one (authentik issue
 * 25225).
 */
export function problemWithNetworks(networks: readonly string[]): string | undefined {
  const wrong = networks.find((entry) => !network.safeParse(entry).success);
  if (wrong === undefined) return undefined;
  const remedy = z.union([z.ipv4(), z.ipv6()]).safeParse(wrong).success
    ? `a single address is ${wrong}/${wrong.includes(":") ? 128 : 32}`
    : "e.g. 10.0.0.0/8";
  return `has ${wrong === "" ? "an empty entry" : `"${wrong}"`}, with which authentik does not start: each entry must be a network with its suffix, ${remedy}`;
}

/** The same check for a variable with comma-separated networks. An output is checked later, when its value is known. */
export function problemWithNetworksIn(variable: unknown): string | undefined {
  const why =
    typeof variable === "string"
      ? problemWithNetworks(variable.split(",").map((entry) => entry.trim()))
      : undefined;
  return why && `has ${trustedProxiesVariable}, which ${why}`;
}
