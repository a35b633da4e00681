import { randomBytes } from "node:crypto";
import type { AuthentikClient } from "../../providers/authentik/client";
import { RefusedError } from "../../providers/authentik/errors";
import { UserError } from "../../providers/core/errors";
import { keyOf } from "./service-account";

/** The identifier in authentik's blueprint. */
const identifier = "authentik-bootstrap-token";

/**
 * Replaces the key of the bootstrap token by a random one, if the client uses this token. Returns whether it does.
 * A deleted token would be created again when a worker starts with the old value.
 */
export async function disableBootstrapToken(client: AuthentikClient, token: string): Promise<boolean> {
  if (await isRefused(client)) return true;
  const [known] = await client.tokens.list({ identifier });
  if (known === undefined || (await keyOf(client, identifier)) !== token) return false;
  await client.request({
    method: "post",
    url: `/api/v3/core/tokens/${identifier}/set_key/`,
    data: { key: randomBytes(45).toString("base64url") },
  });
  if (!(await isRefused(client))) {
    throw new UserError(`authentik still accepts the bootstrap token. Delete "${identifier}" there by hand.`);
  }
  return true;
}

async function isRefused(client: AuthentikClient): Promise<boolean> {
  try {
    await client.self();
    return false;
  } catch (error) {
    if (error instanceof RefusedError) return true;
    throw error;
  }
}
