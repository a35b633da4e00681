import { z } from "zod";
import type { AuthentikClient } from "../../providers/authentik/client";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { expandCertificates } from "../../providers/core/certificates";
import type { Credentials } from "../../providers/core/credentials";
import {
  connectProxmox,
  type ProxmoxConnection,
  proxmoxConnection,
} from "../../providers/proxmox/connection";
import { ofKind, type StateResource } from "../stack-state";
import { authentikPlace, userOf } from "./authentik";
import { proxmoxPlace } from "./proxmox";
import type { Place, Remnant } from "./remnant";

export interface Person {
  /** The user name in authentik. */
  readonly username: string;
  /** Whether to delete the Proxmox users instead of disabling them. */
  readonly deletes: boolean;
}

const applicationInputs = z.object({ authentik: authentikConnection });
const realmInputs = z.object({
  proxmox: proxmoxConnection,
  realm: z.string(),
  usernameClaim: z.string().default("username"),
});

/** Every server of the stack. authentik comes first, to prevent a new login in between. */
export async function placesOf(
  state: readonly StateResource[],
  credentials: Credentials,
  { username, deletes }: Person,
): Promise<Place[]> {
  const authentiks = ofKind(state, "authentik:Application").map(
    ({ inputs }) => applicationInputs.parse(expandCertificates(inputs)).authentik,
  );
  const inAuthentik = new Map(
    authentiks.map((connection) => [connection.url, connectAuthentik(connection, credentials)]),
  );
  const places = [...inAuthentik].map(([url, client]) => authentikPlace(url, client, username));
  for (const { inputs } of ofKind(state, "proxmox:OpenIdRealm")) {
    const { proxmox, realm, usernameClaim } = realmInputs.parse(expandCertificates(inputs));
    const userId = `${await nameOnProxmox(usernameClaim, username, inAuthentik.values())}@${realm}`;
    const client = connectProxmox(proxmox, credentials);
    const ownUserId = ownUser(proxmox, credentials);
    places.push(
      withDeclared(proxmoxPlace({ url: proxmox.url, client, userId, ownUserId, deletes }), state, userId),
    );
  }
  return places;
}

async function nameOnProxmox(
  usernameClaim: string,
  username: string,
  authentiks: Iterable<AuthentikClient>,
): Promise<string> {
  if (usernameClaim !== "email") return username;
  for (const client of authentiks) {
    const email = (await userOf(client, username))?.email;
    if (email) return email;
  }
  return username;
}

function ownUser({ login, tokenConfigKey }: ProxmoxConnection, credentials: Credentials): string {
  return login?.username ?? credentials.require(tokenConfigKey).replace(/!.*$/s, "");
}

/** The next `up` would enable a user that the program declares. */
function withDeclared(place: Place, state: readonly StateResource[], userId: string): Place {
  const isDeclared = ofKind(state, "proxmox:User").some(({ inputs }) => inputs.userId === userId);
  if (!isDeclared) return place;
  const remnant: Remnant = {
    what: `"${userId}" in the stack's configuration`,
    allows: "comes back with the next refresh and up: take the name out of `access` (`members`)",
  };
  return { ...place, look: async () => [remnant, ...(await place.look())] };
}
