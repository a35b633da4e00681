import { groupsClaim } from "../../components/access/claim";
import { defaults } from "../../components/model/defaults";
import { openIdRealmOf } from "../../providers/accessControl/openIdRealm";
import { otherProducts } from "../../providers/accessControl/products";
import { applicationDefinition } from "../../providers/authentik/application";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { defaultGrantTypes } from "../../providers/authentik/oauth2ProviderWire";
import { differences } from "../../providers/core/compare";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { type HandMade, learnsGroups } from "./hand-made";
import type { Servers } from "./servers";

type Properties = Record<string, unknown>;

/** The comparison ignores the connection. */
const unused = { url: "https://unused.example.com" };

/** Changes of the first `up` to the adopted objects, because the config has no key for their current values. */
export async function changesOf(
  handMade: HandMade,
  hasAccess: boolean,
  { authentik, addresses, describe }: Servers,
): Promise<string[]> {
  const { application, provider, realm, realmName } = handMade;
  const isClaimed = hasAccess && learnsGroups(handMade);
  const title = application.name;
  const sso = describe({ realm: { name: realmName }, application: { slug: application.slug } });
  const wantedProvider = oauth2ProviderDefinition.inputs.parse({
    authentik: unused,
    name: title,
    clientId: provider.client_id,
    clientSecret: provider.client_secret,
    redirectUris: addresses.map((url) => ({ url })),
    // Set explicitly, so the list of changes includes it.
    ...(provider.grant_types && { grantTypes: defaultGrantTypes }),
  });
  const resolved = await oauth2ProviderDefinition.find(authentik, wantedProvider);
  const wantedApplication = applicationDefinition.inputs.parse({
    authentik: unused,
    name: title,
    slug: application.slug,
    provider: provider.pk,
    launchUrl: addresses[0],
  });
  const wantedRealm = {
    proxmox: unused,
    realm: realmName,
    issuerUrl: sso.issuerUrl,
    clientId: provider.client_id,
    clientKey: provider.client_secret,
    usernameClaim: realm["username-claim"] ?? "sub",
    autocreate: realm.autocreate === 1,
    default: realm.default === 1,
    comment: sso.names.realmComment,
    ...(isClaimed && { groupsClaim, groupsOverwrite: true, scopes: `${defaults.scopes} ${groupsClaim}` }),
  };
  return [
    "provider: it gets a new signing key, which Proxmox reads at each login",
    ...(isClaimed ? [`provider: it gets another scope mapping, for the claim ${groupsClaim}`] : []),
    ...(hasAccess && !handMade.other
      ? ["groups on Proxmox: their comments then name the groups of authentik"]
      : []),
    ...(resolved
      ? changed("provider", oauth2ProviderDefinition.observe(resolved.remote, wantedProvider), wantedProvider)
      : []),
    ...changed(
      "application",
      applicationDefinition.observe(application, wantedApplication),
      wantedApplication,
    ),
    ...changesOfRealm(handMade, wantedRealm),
  ];
}

function changesOfRealm({ realm, other }: HandMade, given: Properties): string[] {
  if (other === undefined) {
    const wanted = openIdRealmDefinition.inputs.parse(given);
    return changed("realm", openIdRealmDefinition.observe(realm, wanted), wanted);
  }
  const definition = openIdRealmOf(otherProducts[other.product]);
  const wanted = definition.inputs.parse(given);
  return changed("realm", definition.observe(other.realm, wanted), wanted);
}

const secret = new Set<string>([...oauth2ProviderDefinition.secrets, ...openIdRealmDefinition.secrets]);

function changed(what: string, now: Properties, wanted: Properties): string[] {
  const keys = Object.keys(now).filter((key) => key !== "signingKey");
  return [...differences(now, wanted, keys)].map((key) =>
    secret.has(key)
      ? `${what}: ${key} (secret) becomes that of the provider`
      : `${what}: ${key} ${text(now[key])} becomes ${text(wanted[key])}`,
  );
}

function text(value: unknown): string {
  return value === undefined || value === "" ? "(nothing)" : JSON.stringify(value);
}
