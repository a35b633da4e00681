import { authentikOrigin, redirectUriOf } from "../../components/addresses";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { Credentials, credentialKey } from "../../providers/core/credentials";
import { UserError } from "../../providers/core/errors";
import { connectProxmox, proxmoxConnection } from "../../providers/proxmox/connection";
import type { Values } from "./values";

/** Single sign-on that somebody has set up by hand, as config values that take it over. */
export interface SetUp extends Values {
  readonly description: string;
}

/** The first realm that uses this authentik; nothing where a server does not answer, which `doctor` explains. */
export async function findSetUp(known: Values): Promise<SetUp | undefined> {
  if (known.plain.deployAuthentik !== "false") return undefined;
  try {
    return await search(known);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function search({ plain, secret }: Values): Promise<SetUp | undefined> {
  const credentials = new Credentials(
    { get: (key) => Object.entries(secret).find(([name]) => credentialKey(name) === key)?.[1] },
    {},
  );
  const origin = authentikOrigin(plain.authentikUrl ?? "");
  const authentik = connectAuthentik(
    authentikConnection.parse({ url: origin, caCertificate: plain.authentikCaCertificate }),
    credentials,
  );
  const proxmox = connectProxmox(
    proxmoxConnection.parse({
      url: redirectUriOf(plain["proxmoxAddresses[0]"] ?? ""),
      caCertificate: plain.proxmoxCa,
      fingerprint: plain.proxmoxFingerprint,
    }),
    credentials,
  );
  for (const name of await proxmox.openIdRealms()) {
    const realm = await proxmox.realm(name);
    const slug = realm["issuer-url"]?.match(/\/application\/o\/([^/]+)\/$/)?.[1];
    if (!realm["issuer-url"]?.startsWith(`${origin}/`) || slug === undefined) continue;
    const client_id = realm["client-id"] ?? "";
    const [provider] = await authentik.oauth2Providers.list({ client_id });
    const [application] = await authentik.applications.list({ slug, superuser_full_list: "true" });
    if (provider === undefined || application?.slug !== slug) continue;
    return {
      description: `Proxmox has the realm "${name}", and authentik the application "${application.name}" for it.`,
      plain: {
        realm: name,
        applicationSlug: slug,
        applicationName: application.name,
        clientId: client_id,
        ...(realm["username-claim"] && { usernameClaim: realm["username-claim"] }),
      },
      secret: { clientSecret: provider.client_secret },
    };
  }
  return undefined;
}
