import { whyUnusable } from "../../components/model/claims";
import { sameWhenEncoded } from "../../providers/sso/basicCredential";
import type { HandMade } from "./hand-made";
import type { Servers } from "./servers";

/** Settings that cannot be adopted unchanged, with the change or the fix. */
export async function faultsOf(
  handMade: HandMade,
  { addresses, addressesKey, authentik }: Servers,
): Promise<string[]> {
  const { provider, application, realm, realmName, other } = handMade;
  const claim = realm["username-claim"] ?? "sub";
  const why = whyUnusable(claim);
  const namesakes = await authentik.oauth2Providers.list({ name: application.name });
  const lost = provider.redirect_uris.filter(
    ({ url, matching_mode: mode }) => mode !== "strict" || !addresses.includes(url),
  );
  const faults: [boolean, string][] = [
    [
      why !== undefined,
      `The realm takes user names from the claim "${claim}", which cannot work (${why}) and cannot be changed. Remove the realm ` +
        `(${howToRemove(realmName, other)}; its users and permissions stay) and leave out \`usernameClaim\`: \`up\` creates the realm again. ` +
        "If people could log in before, grant their permissions to their new user names.",
    ],
    [
      !sameWhenEncoded.safeParse(provider.client_id).success,
      "The client ID has characters that Proxmox encodes and authentik does not decode: change it in authentik and on the realm first.",
    ],
    [
      !sameWhenEncoded.safeParse(provider.client_secret).success,
      "The client secret has characters that Proxmox encodes and authentik does not decode: set another one as `clientSecret`, which `up` sets on both servers.",
    ],
    [
      namesakes.some(({ pk }) => pk !== provider.pk),
      `Another provider is called "${application.name}", as this one will be: rename the other, or set another \`applicationName\`.`,
    ],
    [
      provider.encryption_key !== null,
      "The provider has an encryption key: Proxmox cannot read such tokens, and no login works. `up` removes it.",
    ],
    [
      provider.signing_key === null,
      "The provider has no signing key: Proxmox cannot verify its tokens, and no login works. `up` creates one.",
    ],
    [
      provider.issuer_mode === "global",
      "The issuer mode is global, so Proxmox finds no discovery document. `up` gives the provider its own issuer and sets it on the realm.",
    ],
    [
      provider.redirect_uris.length === 0,
      `The provider has no redirect URIs, so authentik stores the first one that anybody sends. \`up\` sets those in \`${addressesKey}\`: list every address that people open.`,
    ],
    [
      lost.length > 0,
      `\`up\` removes the redirect URIs that \`${addressesKey}\` does not contain in exactly this form: ${lost.map(({ url }) => url).join(", ")}. Add those that people open.`,
    ],
    [
      provider.client_type === "public",
      "The provider is for a public client. `up` makes it confidential and sets the secret on the realm. Logins fail in the seconds between.",
    ],
  ];
  return faults.filter(([applies]) => applies).map(([, sentence]) => sentence);
}

function howToRemove(realmName: string, other: HandMade["other"]): string {
  return other ? "in its web interface, Access Control > Realms" : `\`pveum realm delete ${realmName}\``;
}
