import { z } from "zod";
import { accessControlConnection, connectAccessControl } from "../../providers/accessControl/connection";
import { otherProducts } from "../../providers/accessControl/products";
import type { AuthentikClient } from "../../providers/authentik/client";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { expandCertificates } from "../../providers/core/certificates";
import type { Credentials } from "../../providers/core/credentials";
import {
  connectProxmox,
  type ProxmoxConnection,
  proxmoxConnection,
} from "../../providers/proxmox/connection";
import { ofKind, type StateResource } from "../stack/state";
import { authentikPlace, userOf } from "./authentik";
import { otherProductPlace } from "./other-product";
import { proxmoxPlace } from "./proxmox";
import type { Place, Remnant } from "./remnant";

interface Person {
  /** The user name in authentik. */
  readonly username: string;
  /** Whether to delete the Proxmox users instead of disabling them. */
  readonly deletes: boolean;
}

const applicationInputs = z.object({ authentik: authentikConnection });
const otherRealmInputs = z.object({
  proxmox: accessControlConnection,
  realm: z.string(),
  usernameClaim: z.string().default("username"),
});
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
  for (const product of Object.values(otherProducts)) {
    for (const { inputs } of ofKind(state, `${product.module}:OpenIdRealm`)) {
      const { proxmox, realm, usernameClaim } = otherRealmInputs.parse(expandCertificates(inputs));
      const userId = `${await nameOnProxmox(usernameClaim, username, inAuthentik.values())}@${realm}`;
      const client = connectAccessControl(product, proxmox, credentials);
      places.push(
        withDeclared(otherProductPlace({ url: proxmox.url, client, userId, deletes }), state, userId),
      );
    }
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
  const isDeclared = ["proxmox", ...Object.values(otherProducts).map(({ module }) => module)].some((module) =>
    ofKind(state, `${module}:User`).some(({ inputs }) => inputs.userId === userId),
  );
  if (!isDeclared) return place;
  const remnant: Remnant = {
    what: `"${userId}" in the stack's configuration`,
    allows: "comes back with the next refresh and up: take the name out of `access` (`members`)",
  };
  return { ...place, look: async () => [remnant, ...(await place.look())] };
}
