import { existingAuthentik } from "./components/authentikServer";
import { AuthentikStack } from "./components/authentikStack";
import { nextSteps, trustCommandsFor } from "./components/outputs";
import { ProxmoxAuthentikSso } from "./components/proxmoxAuthentikSso";
import { existingArguments, stackArguments } from "./config/arguments";
import { loadConfig } from "./config/load";
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
    { proxmoxUrls: redirectUris, realm, issuerUrl, clientId, proof },
  ]),
);

const [first] = logins;
export const proxmoxUrls = first?.redirectUris;
export const realm = first?.realm;
export const issuerUrl = first?.issuerUrl;
export const clientId = first?.clientId;
export const clientSecret = first?.clientSecret;
export const proof = first?.proof;
export const next = first && nextSteps(first);
