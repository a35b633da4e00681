import { removeUser } from "../../providers/accessControl/removal";
import type { ToMake } from "./new-stack";
import type { AskedOther } from "./other-product";
import { accountName, firstFree, tokenName } from "./proxmox-account";

/**
 * A user with an API token, which root creates. There are no custom roles, and a token has no rights of its own.
 * Both get the only role that may set up single sign-on, on its path only.
 */
export async function otherAccountToMake({ client, tokenKey }: AskedOther, stack: string): Promise<ToMake> {
  const { name, ownRealm, adminRole } = client.product;
  const users = new Set(await client.userIds());
  const userId = firstFree(accountName(stack), `@${ownRealm}`, (id) => !users.has(id));
  return {
    what: `On ${name}: the user ${userId} and its API token "${tokenName}",\n  both with the role ${adminRole} on /access`,
    make: async () => {
      await client.createUser(userId, { comment: `proxmox-authentik-sso, stack ${stack}` });
      const undo = () => removeUser(client, userId);
      try {
        const value = await client.createToken(userId, tokenName);
        for (const ugid of [userId, `${userId}!${tokenName}`]) {
          await client.grant({ path: "/access", roleid: adminRole, ugid, propagate: true });
        }
        return { secret: { [tokenKey]: `${userId}!${tokenName}:${value}` }, undo };
      } catch (error) {
        await undo();
        throw error;
      }
    },
  };
}
