import { applicationDefinition } from "../../providers/authentik/application";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { created } from "./created";
import type { AuthentikSimulator, Properties, ProxmoxSimulator } from "./simulators";

interface Variations {
  /** Slug of the application. */
  readonly slug?: string;
  /** Name of the realm. */
  readonly name?: string;
  /** The address at which people and Proxmox open authentik, if it differs. */
  readonly origin?: string;
  /** More inputs of the provider and of the realm. */
  readonly provider?: Properties;
  readonly realm?: Properties;
}

/** Connects a realm to an application. Returns the inputs of the proof of login. */
export async function joinedRealm(
  authentik: AuthentikSimulator,
  proxmox: ProxmoxSimulator,
  {
    slug = "pve",
    name = "authentik",
    origin = authentik.running.httpUrl,
    provider: ofProvider = {},
    realm: ofRealm = {},
  }: Variations = {},
): Promise<Properties> {
  const inAuthentik = { authentik: authentik.connection };
  const client = { clientId: `client-of-${slug}`, clientSecret: `secret-of-${slug}` };
  const redirectUris = [String(proxmox.connection.url)];
  const signing = await created(certificateDefinition, {
    ...inAuthentik,
    name: `signing of ${slug}`,
    commonName: "127.0.0.1",
    serialNumber: "0d0c",
  });
  const provider = await created(oauth2ProviderDefinition, {
    ...inAuthentik,
    ...client,
    name: "PVE",
    redirectUris: redirectUris.map((url) => ({ url })),
    signingKey: signing.pk,
    ...ofProvider,
  });
  await created(applicationDefinition, { ...inAuthentik, name: "PVE", slug, provider: provider.pk });
  const issuerUrl = `${origin}/application/o/${slug}/`;
  await created(openIdRealmDefinition, {
    proxmox: proxmox.connection,
    realm: name,
    issuerUrl,
    clientId: client.clientId,
    clientKey: client.clientSecret,
    ...ofRealm,
  });
  return { realm: name, issuerUrl, signingFingerprint: signing.fingerprint, redirectUris };
}
