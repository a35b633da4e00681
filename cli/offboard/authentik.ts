import type { AuthentikClient } from "../../providers/authentik/client";
import type { AuthenticatedSession, Token, User } from "../../providers/authentik/wire";
import { undefinedIfMissing } from "../../providers/core/gone";
import type { Place, Remnant } from "./remnant";

export function authentikPlace(url: string, client: AuthentikClient, username: string): Place {
  return { title: `authentik at ${url}`, look: () => lookAt(client, username) };
}

export async function userOf(client: AuthentikClient, username: string): Promise<User | undefined> {
  const [user] = await client.users.list({ username });
  return user;
}

async function lookAt(client: AuthentikClient, username: string): Promise<Remnant[]> {
  const user = await userOf(client, username);
  if (user === undefined) return [{ what: `no user "${username}" (upper and lower case count)` }];
  const isOwn = (await client.self()).username === username;
  const sessions = await client.sessions.list({ user__username: username });
  const tokens = await client.tokens.list({ user__username: username });
  return [
    account(client, user, isOwn),
    ...sessions.filter((session) => session.user === user.pk).map((session) => browser(client, session)),
    ...tokens.filter((token) => token.user === user.pk).map((token) => key(client, token, user, isOwn)),
  ];
}

function account(client: AuthentikClient, user: User, isOwn: boolean): Remnant {
  const groups = (user.groups_obj ?? []).map(({ name }) => name).sort();
  const isIn = groups.length > 0 ? `in ${groups.join(", ")}` : "in no group";
  const what = `user "${user.username}", ${user.is_active ? "active" : "deactivated"}, ${isIn}`;
  if (!user.is_active) return { what };
  if (isOwn) {
    return {
      what,
      allows:
        "owns the API token that this stack uses. First set `pulumi-nodejs:authentikToken` to a token of another user",
    };
  }
  return {
    what,
    allows: "can log in to every application that authentik allows, including Proxmox",
    async end() {
      // authentik then ends the sessions and revokes the OAuth2 tokens of applications.
      await client.users.patch(user.pk, { is_active: false });
      return `deactivated the user "${user.username}" in authentik`;
    },
  };
}

function browser(client: AuthentikClient, { uuid, last_ip: ip }: AuthenticatedSession): Remnant {
  const from = ip ? ` from ${ip}` : "";
  return {
    what: `browser session${from}`,
    allows: "logs in to Proxmox without a password",
    async end() {
      await undefinedIfMissing(client.sessions.delete(uuid));
      return `ended the browser session${from} in authentik`;
    },
  };
}

function key(client: AuthentikClient, token: Token, user: User, isOwn: boolean): Remnant {
  const kind = token.intent === "app_password" ? "app password" : `${token.intent} token`;
  const until = token.expiring && token.expires ? `until ${token.expires}` : "without an end";
  const named = `${kind} "${token.identifier}"`;
  return {
    what: `${named}, valid ${until}`,
    allows: user.is_active ? "acts as the user, without a login" : "works again when the user is activated",
    end: isOwn
      ? undefined
      : async () => {
          await undefinedIfMissing(client.tokens.delete(token.identifier));
          return `deleted the ${named} in authentik`;
        },
  };
}
