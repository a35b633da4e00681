import { UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { MissingReferenceError } from "../proxmox/errors";
import type { AccessControlClient } from "./client";
import type { AclEntry } from "./wire";

/**
 * Deletes a user with its permissions and those of its tokens. Backup Server would keep the permissions and give
 * them to the next user of this name (recorded).
 */
export async function removeUser(client: AccessControlClient, userid: string): Promise<void> {
  await client.requireReadAccess("acl", `the permissions of ${userid}, which stay when the user is removed`);
  const own = (await client.acl()).filter(({ ugid }) => ugid === userid || ugid.startsWith(`${userid}!`));
  for (const entry of own) await client.revoke(entry);
  if (own.length > 0) console.log(`User ${userid} is deleted with its permissions: ${described(own)}.`);
  try {
    await undefinedIfMissing(client.deleteUser(userid));
  } catch (error) {
    // If the realm is missing, Backup Server still deletes the user. Datacenter Manager does not (recorded).
    if (!(error instanceof MissingReferenceError)) throw error;
    if ((await client.user(userid)) === undefined) return;
    throw new UserError(
      `${error.message}: it removes no user of a realm that is gone. Create the realm again, remove the user, then the realm.`,
    );
  }
}

function described(entries: readonly AclEntry[]): string {
  return entries
    .map(({ path, roleid, ugid }) => `${roleid} on ${path} for ${ugid}`)
    .sort()
    .join(", ");
}
