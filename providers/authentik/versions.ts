import { isIP } from "node:net";
import { oncePerClient } from "../core/once";
import { isOlder } from "../core/versions";
import type { AuthentikClient } from "./client";

/**
 * Differences between authentik's versions, from the API clients of each release (@goauthentik/api), and measured
 * with 2025.10.0-rc1 and 2026.5.0-rc1. Everything else exists since 2024.12, the oldest supported version.
 */
export const authentikVersions = {
  oldest: "2024.12.0",
  /** The first release that needs no redis. Its release candidates need redis. */
  withoutRedis: "2025.10.0",
  /**
   * The first release that selects the https certificate by SNI, and trusts proxy headers only from trusted
   * networks.
   */
  withStrictPorts: "2026.8.0",
  /** The first release with a base URL. The variable AUTHENTIK_WEB__BASE_URL sets it. */
  withBaseUrl: "2026.8.0",
  /** The version with which logins with elliptic-curve keys were measured. */
  measuredWithEllipticCurves: "2026.5",
  oauth2Provider: {
    logoutUri: "2025.6.0",
    logoutMethod: "2025.10.0",
    refreshTokenThreshold: "2025.10.0",
    postLogoutRedirectUris: "2026.5.0-rc1",
    grantTypes: {
      version: "2026.8.0",
      lacks: hasTokenExchange,
      before: "all but urn:ietf:params:oauth:grant-type:token-exchange",
      others: "2026.5.0",
    },
  },
  application: {
    slug: { version: "2025.12.0", lacks: isLongSlug, before: "50 characters at most" },
    hide: "2026.5.0",
  },
  /** Earlier versions allow one parent for a group. */
  severalParents: "2025.12.0",
  user: {
    roles: "2025.12.0",
  },
  brand: {
    customCss: "2025.2.0",
    flowBackground: "2025.2.0",
    clientCertificates: "2025.4.0",
    lockdownFlow: "2026.5.0",
    requestFlow: "2026.8.0",
    userSwitchFlow: "2026.8.0",
    mapTiles: "2026.8.0",
  },
} as const;

/** Why authentik never serves a brand's certificate at an https address. Undefined if it does. */
export function problemWithServedName(host: string, version: string): string | undefined {
  if (!isIP(host) || isOlder(version, authentikVersions.withStrictPorts)) return undefined;
  return (
    `authentik ${version} selects its certificate by the host name that a client sends. For the IP address ${host}, clients send none. ` +
    "Use a host name that people and nodes resolve, or a reverse proxy that terminates TLS."
  );
}

function hasTokenExchange(grants: unknown): boolean {
  return Array.isArray(grants) && grants.includes("urn:ietf:params:oauth:grant-type:token-exchange");
}

function isLongSlug(slug: unknown): boolean {
  return typeof slug === "string" && slug.length > 50;
}

/** The server's version, requested once per client. */
export const askAuthentikVersion = oncePerClient((client: AuthentikClient) => client.version());
