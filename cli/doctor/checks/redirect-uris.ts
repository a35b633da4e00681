import type { RedirectUri } from "../../../providers/authentik/wire";
import { addressesOf, providerOf } from "../chain";
import { type Check, fail, pass, type Result, warn } from "../check";
import type { Cluster } from "../subject";
import { setRight } from "./realm";

/** authentik must have each address exactly as the browser sends it. */
export const redirectUrisCheck: Check<Cluster> = {
  name: "Redirect URIs",
  needs: ["authentik token", "Realm", "OAuth2 provider"],
  async look(cluster) {
    if (!cluster.hasRealm) return undefined;
    const listed = (await providerOf(cluster))?.redirect_uris ?? [];
    const addresses = await addressesOf(cluster);
    return [...missing(addresses, listed), ...tooWide(addresses, listed)];
  },
};

function missing(addresses: readonly string[], listed: RedirectUri[]): Result[] {
  return addresses.map((address) =>
    listed.some((entry) => matches(entry, address))
      ? pass(`people may come back to ${address}`)
      : fail(
          `authentik does not send people back to ${address}: the provider has no such redirect URI.`,
          setRight,
        ),
  );
}

function tooWide(addresses: readonly string[], listed: RedirectUri[]): Result[] {
  return listed
    .filter(({ url, matching_mode }) => matching_mode === "regex" || !addresses.includes(url))
    .map(({ url, matching_mode }) =>
      warn(
        `authentik also sends people, with their login codes, to \`${url}\`${matching_mode === "regex" ? " (a regular expression)" : ""}.`,
        `Unless you want this: ${setRight}`,
      ),
    );
}

function matches({ matching_mode, url }: RedirectUri, address: string): boolean {
  return matching_mode === "strict" ? url === address : new RegExp(`^(?:${url})$`).test(address);
}
