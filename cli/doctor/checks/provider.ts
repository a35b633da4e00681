import { type OAuth2Provider, returnedSecret } from "../../../providers/authentik/wire";
import { type KnownRealm, providerOf, realmOf } from "../chain";
import { type Check, fail, pass, type Result } from "../check";
import type { Cluster } from "../subject";
import { setRight } from "./realm";

/** Settings of the provider that look right on both servers but break every login. */
export const providerCheck: Check<Cluster> = {
  name: "OAuth2 provider",
  needs: ["authentik token", "Realm"],
  async look(cluster) {
    if (!cluster.hasRealm) return undefined;
    const realm = await realmOf(cluster);
    const provider = await providerOf(cluster);
    if (realm === undefined) return undefined;
    if (provider === undefined) {
      return fail(
        `authentik has no OAuth2 provider with the realm's client ID "${realm["client-id"]}".`,
        setRight,
      );
    }
    const faults = faultsOf(provider, realm);
    return faults.length > 0
      ? faults
      : pass(`"${provider.name}" has a signing key and the realm's client ID and secret`);
  },
};

function faultsOf(provider: OAuth2Provider, realm: KnownRealm): Result[] {
  const { assigned_application_slug, encryption_key, grant_types, issuer_mode, signing_key } = provider;
  // Proxmox shows the client key only to users who may change the realm.
  const key = realm["client-key"];
  const secret = returnedSecret(provider);
  const faults: [boolean, string][] = [
    [assigned_application_slug === null, "No application uses the provider, so it has no issuer."],
    [
      key !== undefined && secret !== undefined && key !== secret,
      "The client secret differs on the two sides: every login fails with 401.",
    ],
    [
      encryption_key !== null,
      "An encryption key is set: Proxmox cannot read such ID tokens, and every login fails with 401.",
    ],
    [
      signing_key === null,
      "No signing key is set: ID tokens are signed by HS256, which Proxmox cannot verify.",
    ],
    [
      grant_types?.includes("authorization_code") === false,
      "The grant types lack authorization_code, which Proxmox uses: authentik refuses every login.",
    ],
    [
      issuer_mode === "global",
      "The issuer mode is global: Proxmox finds no discovery document below that issuer.",
    ],
  ];
  return faults.filter(([applies]) => applies).map(([, found]) => fail(found, setRight));
}
