import assert from "node:assert/strict";
import type { RunningProxmox } from "../../lab/proxmox/server";
import { logIn } from "../../providers/sso/proof/authentikLogin";
import { Browser } from "../../providers/sso/proof/browser";
import { ProxmoxLogin } from "../../providers/sso/proof/proxmox";
import type { JsonObject } from "./authentik-api";

/** A joined authentik and Proxmox, in any form. */
export interface Place {
  /** The address at which browsers open authentik. */
  readonly authentikUrl: string;
  readonly authentikCa?: string;
  readonly proxmox: Pick<RunningProxmox, "url" | "caPem">;
  inAuthentik(method: string, path: string, body?: JsonObject): Promise<JsonObject>;
  inProxmox(method: string, path: string): Promise<JsonObject>;
}

export interface LoggedIn {
  userId: string;
  /** Privileges by path, as Proxmox returns them to the user. */
  permissions: Record<string, string[]>;
}

/** Logs in to Proxmox through authentik like a person, from the login page to a ticket. */
export async function loginOf(place: Place, username: string, password: string): Promise<LoggedIn> {
  const { url, caPem } = place.proxmox;
  const browser = new Browser(place.authentikUrl, { caCertificate: place.authentikCa });
  const proxmox = new ProxmoxLogin(
    { url, caCertificate: caPem, tokenConfigKey: "unused" },
    "authentik",
    undefined,
  );
  const back = await logIn(browser, await proxmox.authorizationUrl(url), { username, password });
  const { code = "", state = "" } = Object.fromEntries(back.searchParams);
  const { ticket, username: userId } = await proxmox.logIn(code, state, url);
  const told = Object.entries(await proxmox.permissions(ticket));
  return {
    userId,
    permissions: Object.fromEntries(
      told.map(([path, privileges]) => [path, Object.keys(Object(privileges)).sort()]),
    ),
  };
}

/** Logs in, and checks that the user has exactly the privileges of these roles by path. */
export async function assertMayExactly(
  place: Place,
  username: string,
  password: string,
  roles: Record<string, string>,
): Promise<void> {
  const { userId, permissions } = await loginOf(place, username, password);
  assert.equal(userId, `${username}@authentik`);
  const declared = await Promise.all(
    Object.entries(roles).map(async ([path, role]) => {
      const privileges = await place.inProxmox("GET", `/access/roles/${role}`);
      return [path, Object.keys(privileges).sort()] as const;
    }),
  );
  // Proxmox also returns paths below the declared ones.
  const expected = Object.keys(permissions).flatMap((path) => {
    const [, privileges] = declared.find(([above]) => isAtOrBelow(path, above)) ?? [];
    return privileges ? [[path, privileges] as const] : [];
  });
  assert.deepEqual(permissions, Object.fromEntries([...expected, ...declared]));
}

function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(above === "/" ? above : `${above}/`);
}

/** Creates a user in authentik like an administrator, with groups by name. */
export async function addUser(
  place: Place,
  username: string,
  password: string,
  groups: string[],
): Promise<number> {
  const { pk } = await place.inAuthentik("POST", "core/users/", {
    username,
    name: username,
    groups: await Promise.all(groups.map((name) => groupId(place, name))),
  });
  await place.inAuthentik("POST", `core/users/${pk}/set_password/`, { password });
  return Number(pk);
}

export async function moveUser(place: Place, user: number, groups: string[]): Promise<void> {
  await place.inAuthentik("PATCH", `core/users/${user}/`, {
    groups: await Promise.all(groups.map((name) => groupId(place, name))),
  });
}

async function groupId(place: Place, name: string): Promise<unknown> {
  const { results } = await place.inAuthentik("GET", `core/groups/?name=${encodeURIComponent(name)}`);
  assert.ok(Array.isArray(results) && results.length === 1, `authentik has no group "${name}"`);
  return Object(results[0]).pk;
}
