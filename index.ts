import * as pulumi from "@pulumi/pulumi";
import { existingAuthentik } from "./components/authentikServer";
import { AuthentikStack } from "./components/authentikStack";
import { nextSteps, trustCommandsFor } from "./components/outputs";
import { ProxmoxAuthentikSso } from "./components/proxmoxAuthentikSso";
import { existingArguments, stackArguments, withSecretVariables } from "./config/arguments";
import { loadConfig } from "./config/load";
import { conceal, concealed } from "./providers/core/concealment";
import { unlessNotMade } from "./providers/core/notMade";
import { startedProvider } from "./providers/runtime/startedProvider";

const { config, clusters: described, secretTexts, hasSecretEnvironment, warning } = loadConfig();
conceal(secretTexts);
if (warning) void pulumi.log.warn(warning);
const options = { providers: [startedProvider] };

const onDocker = stackArguments(config);
const stackArgs = hasSecretEnvironment ? withSecretVariables(onDocker) : onDocker;
const authentik = config.deployAuthentik
  ? new AuthentikStack("authentik", stackArgs, options)
  : existingAuthentik(existingArguments(config), { provider: startedProvider });

const logins = described.map(
  ({ name, options: said }) => new ProxmoxAuthentikSso(name, { authentik, ...said }, options),
);

/** Another wording would be a change in the next preview of every stack. */
const noOwnCa = "none: authentik's certificate is taken to be from a CA that the nodes trust already";

export const authentikUrl = concealed(authentik.origin);
export const caCertificate = concealed(authentik.caCertificate ?? noOwnCa);
/** Commands for every Proxmox node. The nodes then trust authentik's certificate. */
export const nodeTrustCommands = concealed(
  authentik.caCertificate ? trustCommandsFor(authentik.caCertificate) : noOwnCa,
);
/** The clusters by name. The one of the top-level keys is `sso`. */
export const clusters = Object.fromEntries(
  logins.map(({ name, redirectUris, realm, issuerUrl, clientId, proof }) => [
    name,
    concealed({
      proxmoxUrls: unlessNotMade(redirectUris),
      realm: unlessNotMade(realm),
      issuerUrl,
      clientId: unlessNotMade(clientId),
      proof: unlessNotMade(proof),
    }),
  ]),
);

const [first] = logins;
export const proxmoxUrls = concealed(first && unlessNotMade(first.redirectUris));
export const realm = concealed(first && unlessNotMade(first.realm));
export const issuerUrl = concealed(first?.issuerUrl);
export const clientId = concealed(first && unlessNotMade(first.clientId));
export const clientSecret = first && unlessNotMade(first.clientSecret);
export const proof = concealed(first && unlessNotMade(first.proof));
export const next = concealed(first && unlessNotMade(nextSteps(first)));
