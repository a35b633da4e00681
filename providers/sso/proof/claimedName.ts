import { z } from "zod";
import { undefinedIfMissing } from "../../core/gone";
import type { ProxmoxClient } from "../../proxmox/client";
import type { Browser } from "./browser";

const me = z.object({
  user: z.object({ username: z.string(), email: z.string().optional(), name: z.string().optional() }),
});

/**
 * The name of a user in a realm that creates no users, if it differs from authentik's user name. authentik returns
 * the claims of a logged-in user. Undefined if the name is unknown.
 */
export async function claimedName(
  browser: Browser,
  api: ProxmoxClient,
  realm: string,
): Promise<string | undefined> {
  const { autocreate, "username-claim": claim = "" } = (await undefinedIfMissing(api.realm(realm))) ?? {};
  if (autocreate || (claim !== "email" && claim !== "name")) return undefined;
  const { data } = me.safeParse((await browser.get("/api/v3/core/users/me/")).data);
  return data?.user[claim] || undefined;
}
