import { oncePerClient } from "../core/once";
import type { ProxmoxClient } from "./client";

/** Values of `username-claim` in 7.0 (PVE/Auth/OpenId.pm). */
const oldClaims = ["subject", "username", "email"];

function isFreeClaim(claim: unknown): boolean {
  return !oldClaims.includes(String(claim));
}

/**
 * Differences between the versions of Proxmox VE. They come from the changelog of libpve-access-control, and were
 * measured with 7.4, 8.3, 8.4, 9.0, 9.1 and 9.2. Everything else exists since 7.0, the oldest supported version.
 */
export const proxmoxVersions = {
  /** The version with which logins with elliptic-curve keys were measured, together with authentik 2026.5. */
  measuredWithEllipticCurves: "9.2",
  openIdRealm: {
    usernameClaim: { version: "7.1.0", lacks: isFreeClaim, before: oldClaims.join(", ") },
    prompt: "7.1.0",
    scopes: "7.1.0",
    acrValues: "7.1.0",
    groupsClaim: "8.4.0",
    groupsAutocreate: "8.4.0",
    groupsOverwrite: "8.4.0",
    queryUserinfo: "8.4.0",
    audiences: "9.2.0",
  },
} as const;

/** The node's version, requested once per client. */
export const askProxmoxVersion = oncePerClient((client: ProxmoxClient) => client.version());
