import type { AuthentikClient } from "../../providers/authentik/client";
import { keyOf, serviceAccountToken } from "../credentials/service-account";
import type { AskedAuthentik } from "./authentik";
import type { ToMake } from "./new-stack";

/** The token that the stack uses, unless it is the one that was entered. */
export function authentikTokenToMake(
  { client, isAdministrator, values }: AskedAuthentik,
  stack: string,
  takesOver: boolean,
): ToMake[] {
  if (client === undefined || !isAdministrator) return [];
  const name = `proxmox-authentik-sso-${stack.replace(/[^A-Za-z0-9_-]/g, "-")}`;
  if (!takesOver) return [serviceAccount(client, name)];
  // Adoption needs more permissions than the service account has.
  return values.secret.authentikToken === undefined ? [administratorsToken(client, `${name}-takeover`)] : [];
}

function serviceAccount(client: AuthentikClient, name: string): ToMake {
  return {
    what: `In authentik: the service account ${name} with a role of its own, whose token is kept instead of what the administrator gave`,
    make: async () => ({
      secret: { authentikToken: await serviceAccountToken(client, name) },
      // Kept, because the next attempt uses the account.
      undo: async () => undefined,
    }),
  };
}

function administratorsToken(client: AuthentikClient, identifier: string): ToMake {
  return {
    what: `In authentik: the API token ${identifier} of the administrator, for taking over`,
    make: async () => {
      const [user] = await client.users.list({ username: (await client.self()).username });
      const description = "for proxmox-authentik-sso, until credentials --least-privilege";
      await client.tokens.create({ identifier, description, intent: "api", user: user?.pk, expiring: false });
      return {
        secret: { authentikToken: await keyOf(client, identifier) },
        undo: () => client.tokens.delete(identifier),
      };
    },
  };
}
