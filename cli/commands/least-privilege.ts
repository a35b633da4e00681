import { z } from "zod";
import type { AuthentikClient } from "../../providers/authentik/client";
import {
  type AuthentikConnection,
  authentikConnection,
  connectAuthentik,
} from "../../providers/authentik/connection";
import { Credentials, credentialKey } from "../../providers/core/credentials";
import { UserError } from "../../providers/core/errors";
import { disableBootstrapToken } from "../credentials/bootstrap-token";
import { accountName, serviceAccountToken } from "../credentials/service-account";
import { project } from "../paths";
import type { RunPulumi } from "../stack/stack-in-question";
import { configValuesOf, ofKind, type StateResource, stateOf } from "../stack/state";

/** Contains the former token from before the new one is used until the former is disabled, even if a step fails. */
const replacedKey = credentialKey("authentikReplacedToken");
const applicationInputs = z.object({ authentik: authentikConnection });

/** Replaces an administrator's token by one of a service account. Can be repeated and interrupted. */
export async function leastPrivilege(pulumi: RunPulumi): Promise<number> {
  const connection = connectionIn(await stateOf(pulumi));
  if (connection === undefined) {
    console.error("The stack has no authentik yet. Run pulumi up first.");
    return 1;
  }
  const config = await configValuesOf(pulumi);
  const set = (key: string, secret: string) => pulumi(["config", "set", "--secret", key], secret);
  const tokenKey = credentialKey(connection.tokenConfigKey);
  const present = config[tokenKey] ?? "";
  const name = accountName(await pulumi(["stack", "--show-name"]));
  const client = clientWith(connection, present);
  let replaced = config[replacedKey];

  if ((await client.self()).username === name) {
    console.log(`"${tokenKey}" is the token of the service account "${name}" already.`);
  } else {
    const token = await serviceAccountToken(client, name);
    await tryOut(clientWith(connection, token));
    if (config[`${project}:deployAuthentik`] !== "false") {
      await pulumi(["config", "set", "authentikBootstrap", "false"]);
    }
    await set(replacedKey, present);
    await set(tokenKey, token);
    replaced = present;
    console.log(
      `"${tokenKey}" is the token of the service account "${name}" now, encrypted. It never expires.`,
    );
  }
  if (replaced) {
    const disabled = await disableBootstrapToken(clientWith(connection, replaced), replaced);
    await pulumi(["config", "rm", replacedKey]);
    console.log(disabled ? bootstrapTokenIsGone : formerTokenIsLeft);
  }
  return 0;
}

const bootstrapTokenIsGone =
  "authentik's bootstrap token is disabled. Run pulumi up, which also removes it from the worker.";
const formerTokenIsLeft =
  "The former token is not the bootstrap token, and stays valid. If nothing else uses it, delete it in authentik, under " +
  "Directory > Tokens and App passwords.";

function connectionIn(state: readonly StateResource[]): AuthentikConnection | undefined {
  const [application] = ofKind(state, "authentik:Application");
  return application && applicationInputs.parse(application.inputs).authentik;
}

function clientWith(connection: AuthentikConnection, token: string): AuthentikClient {
  return connectAuthentik(connection, new Credentials({ get: () => token }, {}));
}

/** Sends the first request of the resources. If authentik refused it later, the stack would have no working token. */
async function tryOut(client: AuthentikClient): Promise<void> {
  if ((await client.self()).is_superuser) {
    throw new UserError("The service account is an administrator. Take it out of its other groups.");
  }
  await client.version();
  const { certificates, oauth2Providers, applications, scopeMappings, groups, policyBindings } = client;
  const { flows, brands } = client;
  for (const kind of [
    certificates,
    oauth2Providers,
    applications,
    scopeMappings,
    groups,
    policyBindings,
    flows,
    brands,
  ]) {
    await kind.list();
  }
}
