import type { AuthentikClient } from "../../providers/authentik/client";
import type { Page } from "../../providers/authentik/wire";
import { UserError } from "../../providers/core/errors";
import { isOlder } from "../../providers/core/versions";
import { project } from "../paths";
import { onOwnUsers, permissions } from "./permissions";

interface Role {
  pk: string;
  name: string;
}

/** Name of a stack's account. It is also valid as the identifier of its token. */
export function accountName(stack: string): string {
  return `${project}-${stack.trim().replace(/[^A-Za-z0-9_-]/g, "-")}`;
}

/**
 * Creates a service account with exactly the permissions that this program needs, and returns its API token.
 * Continues with existing objects, for example of an interrupted run. All objects have the same name.
 */
export async function serviceAccountToken(admin: AuthentikClient, name: string): Promise<string> {
  const role = await roleNamed(admin, name);
  await allowOwnUsers(admin, name, role.pk);
  const group = await groupWith(admin, name, role.pk);
  const user = await serviceAccount(admin, name, group);
  const [token] = await admin.tokens.list({ identifier: name });
  if (token === undefined) {
    await admin.tokens.create({
      identifier: name,
      description: "for proxmox-authentik-sso",
      intent: "api",
      user,
      expiring: false,
    });
  } else if (token.user !== user || token.intent !== "api") {
    throw new UserError(
      `The token "${name}" in authentik was not created by this command. Remove or rename it.`,
    );
  }
  return keyOf(admin, name);
}

/** The key of a token. Requires permission to see it. */
export async function keyOf(client: AuthentikClient, identifier: string): Promise<string> {
  const { key } = await client.request<{ key: string }>({
    url: `/api/v3/core/tokens/${encodeURIComponent(identifier)}/view_key/`,
  });
  return key;
}

async function roleNamed(admin: AuthentikClient, name: string): Promise<Role> {
  const url = "/api/v3/rbac/roles/";
  const { results } = await admin.request<Page<Role>>({ url, params: { search: name } });
  const role =
    results.find((candidate) => candidate.name === name) ??
    (await admin.request<Role>({ method: "post", url, data: { name } }));
  await admin.request({
    method: "post",
    url: `/api/v3/rbac/permissions/assigned_by_roles/${role.pk}/assign/`,
    data: { permissions },
  });
  return role;
}

/**
 * Requires 2025.4. In earlier releases the account can create users but not set their passwords, and the proof
 * reports that.
 */
async function allowOwnUsers(admin: AuthentikClient, name: string, role: string): Promise<void> {
  const url = "/api/v3/rbac/initial_permissions/";
  if (isOlder(await admin.version(), "2025.4.0")) return;
  const { results } = await admin.request<Page<{ name: string }>>({ url, params: { search: name } });
  if (results.some((existing) => existing.name === name)) return;
  const ofUsers = { content_type__app_label: "authentik_core", content_type__model: "user", page_size: 100 };
  const known = await admin.request<Page<{ id: number; codename: string; model: string }>>({
    url: "/api/v3/rbac/permissions/",
    params: ofUsers,
  });
  const ids = known.results
    .filter(({ codename, model }) => model === "user" && onOwnUsers.includes(codename))
    .map(({ id }) => id);
  // Releases before 2025.12 require the receiver of the permissions.
  const data = { name, mode: "role", role, permissions: ids };
  await admin.request({ method: "post", url, data });
}

/** The role's permissions reach members through a group, which works in every release. */
async function groupWith(admin: AuthentikClient, name: string, role: string): Promise<string> {
  const [group] = await admin.groups.list({ name });
  if (group === undefined) return (await admin.groups.create({ name, roles: [role] })).pk;
  if (!group.roles.includes(role)) await admin.groups.patch(group.pk, { roles: [...group.roles, role] });
  return group.pk;
}

async function serviceAccount(admin: AuthentikClient, username: string, group: string): Promise<number> {
  const [user] = await admin.users.list({ username });
  if (user === undefined) {
    const type = "service_account";
    const path = "goauthentik.io/service-accounts";
    return (await admin.users.create({ username, name: username, type, path, groups: [group] })).pk;
  }
  if (user.type !== "service_account") {
    throw new UserError(
      `The user "${username}" in authentik is not a service account. Rename it, and run this again.`,
    );
  }
  if (!user.groups.includes(group)) await admin.users.patch(user.pk, { groups: [...user.groups, group] });
  return user.pk;
}
