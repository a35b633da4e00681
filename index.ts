import { existingAuthentik } from "./components/authentikServer";
import { AuthentikStack } from "./components/authentikStack";
import { nextSteps, trustCommandsFor } from "./components/outputs";
import { ProxmoxAuthentikSso } from "./components/proxmoxAuthentikSso";
import { existingArguments, stackArguments } from "./config/arguments";
import { loadConfig } from "./config/load";
import { unlessNotMade } from "./providers/core/notMade";
import { startedProvider } from "./providers/runtime/startedProvider";

const { config, clusters: described } = loadConfig();
const options = { providers: [startedProvider] };

const authentik = config.deployAuthentik
  ? new AuthentikStack("authentik", stackArguments(config), options)
  : existingAuthentik(existingArguments(config), { provider: startedProvider });

const logins = described.map(
  ({ name, options: said }) => new ProxmoxAuthentikSso(name, { authentik, ...said }, options),
);

const noOwnCa = "none: authentik's certificate is taken to be from a CA that the nodes trust already";

export const authentikUrl = authentik.origin;
export const caCertificate = authentik.caCertificate ?? noOwnCa;
/** Lines to paste on every Proxmox node, so that it trusts authentik's certificate. */
export const nodeTrustCommands = authentik.caCertificate
  ? trustCommandsFor(authentik.caCertificate)
  : noOwnCa;
/** Each Proxmox by name; the one of the top-level keys is `sso`. */
export const clusters = Object.fromEntries(
  logins.map(({ name, redirectUris, realm, issuerUrl, clientId, proof }) => [
    name,
    {
      proxmoxUrls: unlessNotMade(redirectUris),
      realm: unlessNotMade(realm),
      issuerUrl,
      clientId: unlessNotMade(clientId),
      proof: unlessNotMade(proof),
    },
  ]),
);

const [first] = logins;
export const proxmoxUrls = first && unlessNotMade(first.redirectUris);
export const realm = first && unlessNotMade(first.realm);
export const issuerUrl = first?.issuerUrl;
export const clientId = first && unlessNotMade(first.clientId);
export const clientSecret = first && unlessNotMade(first.clientSecret);
export const proof = first && unlessNotMade(first.proof);
export const next = first && unlessNotMade(nextSteps(first));
