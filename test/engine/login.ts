import { logIn } from "../../providers/sso/proof/authentikLogin";
import { Browser } from "../../providers/sso/proof/browser";
import { ProxmoxLogin } from "../../providers/sso/proof/proxmox";
import type { Servers } from "./servers";

export interface LoggedIn {
  userId: string;
  /** Privileges by path, as Proxmox tells the user itself. */
  permissions: Record<string, string[]>;
}

/** Logs in to Proxmox through authentik as a person does, from the login page to a ticket. */
export async function loginOf(servers: Servers, username: string, password: string): Promise<LoggedIn> {
  const { url, caPem } = servers.proxmox;
  const browser = new Browser(servers.authentik.httpUrl, {});
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

/** Makes a user in authentik, as an administrator does, in groups by name. */
export async function addUser(
  servers: Servers,
  username: string,
  password: string,
  groups: string[],
): Promise<number> {
  const { pk } = await servers.inAuthentik("POST", "core/users/", {
    username,
    name: username,
    groups: await Promise.all(groups.map((name) => groupId(servers, name))),
  });
  await servers.inAuthentik("POST", `core/users/${pk}/set_password/`, { password });
  return Number(pk);
}

export async function moveUser(servers: Servers, user: number, groups: string[]): Promise<void> {
  await servers.inAuthentik("PATCH", `core/users/${user}/`, {
    groups: await Promise.all(groups.map((name) => groupId(servers, name))),
  });
}

async function groupId(servers: Servers, name: string): Promise<unknown> {
  const group = (await servers.listInAuthentik("core/groups/")).find((candidate) => candidate.name === name);
  return group?.pk;
}
