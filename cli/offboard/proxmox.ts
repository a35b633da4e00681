import { undefinedIfMissing } from "../../providers/core/gone";
import type { ProxmoxClient } from "../../providers/proxmox/client";
import type { AclEntry, ApiToken, User } from "../../providers/proxmox/wire";
import type { Place, Remnant } from "./remnant";

interface ProxmoxAccount {
  readonly url: string;
  readonly client: ProxmoxClient;
  /** `name@realm`. */
  readonly userId: string;
  /** The user of the stack's own token or password. */
  readonly ownUserId: string;
  /** Whether to delete the user instead of disabling it. */
  readonly deletes: boolean;
}

export function proxmoxPlace(account: ProxmoxAccount): Place {
  return { title: `Proxmox VE at ${account.url}`, look: () => lookAt(account) };
}

async function lookAt(account: ProxmoxAccount): Promise<Remnant[]> {
  const { client, userId } = account;
  const user = await client.user(userId);
  const namesakes = await othersNamed(client, userId);
  if (user === undefined) return [{ what: `no user "${userId}"` }, ...namesakes];
  const tokens = await client.tokens(userId);
  return [
    person(account, user),
    ...tokens.map((token) => key(account, user, token)),
    ...(await rights(client, user, tokens)),
    ...namesakes,
  ];
}

function person({ client, userId, ownUserId, deletes }: ProxmoxAccount, user: User): Remnant {
  const until = user.expire ? `expires ${day(user.expire)}` : "never expires";
  const what = `user "${userId}", ${user.enable === 1 ? "enabled" : "disabled"}, ${until}`;
  const isOwn = userId === ownUserId;
  const allows = !isUsable(user)
    ? undefined
    : isOwn
      ? "is the user of this stack's own token: set another token first"
      : "an open web page continues, because it renews its 2-hour ticket without asking authentik";
  if (isOwn || (allows === undefined && !deletes)) return { what, allows };
  return {
    what,
    allows,
    async end() {
      if (deletes) {
        await undefinedIfMissing(client.deleteUser(userId));
        return `deleted the user "${userId}" on Proxmox, with its permissions and memberships`;
      }
      await client.updateUser(userId, { enable: 0 });
      return `disabled the user "${userId}" on Proxmox, which refuses its tickets and tokens from now on`;
    },
  };
}

function key({ client, userId, ownUserId }: ProxmoxAccount, user: User, token: ApiToken): Remnant {
  const named = `API token "${userId}!${token.tokenid}"`;
  return {
    what: `${named}, ${token.expire ? `expires ${day(token.expire)}` : "never expires"}`,
    allows: isUsable(user)
      ? "works without authentik and without a login"
      : "works again when the user is enabled",
    end:
      userId === ownUserId
        ? undefined
        : async () => {
            await undefinedIfMissing(client.deleteToken(userId, token.tokenid));
            return `deleted the ${named} on Proxmox`;
          },
  };
}

/** Permissions have no effect without an enabled user, so they need no action. */
async function rights(
  client: ProxmoxClient,
  { userid, groups }: User,
  tokens: readonly ApiToken[],
): Promise<Remnant[]> {
  const isSeen =
    (await client.mayOn("/access", ["Sys.Audit"])) || (await client.mayOn("/", ["Permissions.Modify"]));
  if (!isSeen)
    return [{ what: "permissions unknown: the stack's token may not see them (Sys.Audit on /access)" }];
  const ids = new Set([userid, ...tokens.map(({ tokenid }) => `${userid}!${tokenid}`)]);
  const concerns = ({ type, ugid }: AclEntry) => (type === "group" ? groups.includes(ugid) : ids.has(ugid));
  const lines = (await client.acl())
    .filter(concerns)
    .map(({ path, roleid, ugid }) => `${roleid} on ${path}${ugid === userid ? "" : `, by ${ugid}`}`);
  return lines.sort().map((line) => ({ what: `permission ${line}` }));
}

/** Users of the same name in other realms. They may belong to the same person. */
async function othersNamed(client: ProxmoxClient, userId: string): Promise<Remnant[]> {
  const prefix = userId.slice(0, userId.lastIndexOf("@") + 1);
  const others = (await client.userIds()).filter((id) => id.startsWith(prefix) && id !== userId);
  return others.length === 0
    ? []
    : [{ what: `other users of that name, not checked: ${others.sort().join(", ")}` }];
}

function isUsable({ enable, expire }: User): boolean {
  return enable === 1 && (!expire || expire > Date.now() / 1000);
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
