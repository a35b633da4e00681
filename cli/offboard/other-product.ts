import type { AccessControlClient } from "../../providers/accessControl/client";
import { removeUser } from "../../providers/accessControl/removal";
import type { Place, Remnant } from "./remnant";

interface OtherAccount {
  readonly url: string;
  readonly client: AccessControlClient;
  /** `name@realm`. */
  readonly userId: string;
  /** Whether to delete the user instead of disabling it. */
  readonly deletes: boolean;
}

/** A Backup Server or Datacenter Manager. */
export function otherProductPlace(account: OtherAccount): Place {
  return { title: `${account.client.product.name} at ${account.url}`, look: () => lookAt(account) };
}

async function lookAt({ client, userId, deletes }: OtherAccount): Promise<Remnant[]> {
  const user = await client.user(userId);
  if (user === undefined) return [{ what: `no user "${userId}"` }];
  const isEnabled = user.enable !== false;
  const what = `user "${userId}", ${isEnabled ? "enabled" : "disabled"}`;
  if (client.actingUser === userId) {
    return [{ what, allows: "is the user of this stack's own token: set another token first" }];
  }
  if (!isEnabled && !deletes) return [{ what }];
  return [
    {
      what,
      allows: isEnabled ? "an open web page and API tokens continue" : undefined,
      async end() {
        if (deletes) {
          await removeUser(client, userId);
          return `deleted the user "${userId}" on ${client.product.shortName}, with its permissions`;
        }
        await client.updateUser(userId, { enable: false });
        return `disabled the user "${userId}" on ${client.product.shortName}, which refuses its tickets and tokens from now on`;
      },
    },
  ];
}
