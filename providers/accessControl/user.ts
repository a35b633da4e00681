import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { type Parameters, unsetIn } from "../proxmox/options";
import { ownershipMark, readComment, storedComment } from "../proxmox/ownershipMark";
import { expiry, readExpiry, storedExpiry, userLifecycle } from "../proxmox/userLifecycle";
import type { AccessControlClient } from "./client";
import { accessControlConnection, connectAccessControl } from "./connection";
import { createUser } from "./creation";
import { longestComment, oneLine, userId } from "./names";
import type { Product } from "./product";
import { removeUser } from "./removal";
import type { User as Remote } from "./wire";

const properName = oneLine.min(2).max(64);

export const userInputs = z.object({
  proxmox: accessControlConnection,
  /**
   * `name@realm`. The name must equal the value of the realm's username claim. It is case-sensitive, and the realm must
   * exist.
   */
  userId,
  /** Whether the user may log in. */
  enabled: z.boolean().default(true),
  /**
   * End of the user's access: a day (its start, in UTC) or a time, e.g. `2027-06-30` or `2027-06-30T18:00:00+02:00`.
   */
  expires: expiry.optional(),
  /** Shown in the list of users. At most 128 characters, including the ownership mark. */
  comment: oneLine.min(1).optional(),
  /** Address for the server's notifications. */
  email: z.email("must be an email address").max(64).optional(),
  /** First name. */
  firstName: properName.optional(),
  /** Last name. */
  lastName: properName.optional(),
  /** Random value in the comment. It proves that an existing user belongs to the stack. */
  ownershipMark: ownershipMark.optional(),
  /** Take over a user that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof userInputs>;

/** Options that the API deletes by name, with these names. */
const removable = {
  comment: "comment",
  email: "email",
  firstName: "firstname",
  lastName: "lastname",
} as const;

export function userOf(
  product: Product,
): ResourceDefinition<typeof userInputs, Remote, object, AccessControlClient> {
  return {
    ...userLifecycle<Remote, Inputs, AccessControlClient>({
      server: product.name,
      create: (client, wanted) => createUser(client, wanted.userId, parameters(wanted)),
      update: (client, wanted, before) => {
        const given = { ...wanted, comment: storedComment(wanted) || undefined };
        const unset = unsetIn(removable, given, before);
        return client.updateUser(wanted.userId, { ...parameters(wanted), delete: unset });
      },
      remove: removeUser,
    }),
    type: `${product.module}:User`,
    title: `${product.shortName} user`,
    inputs: userInputs,
    validate: (given) =>
      storedComment(given).length <= longestComment
        ? []
        : [
            {
              property: "comment",
              reason: `has with its ownership mark more than the ${longestComment} characters that the server takes: shorten it`,
            },
          ],
    connect: ({ proxmox }, credentials) => connectAccessControl(product, proxmox, credentials),

    observe: ({ enable = true, expire, comment, email, firstname, lastname }) => ({
      enabled: enable,
      expires: readExpiry(expire),
      ...readComment(comment),
      email,
      firstName: firstname,
      lastName: lastname,
    }),
  };
}

function parameters(wanted: Inputs): Parameters {
  return {
    enable: wanted.enabled,
    expire: storedExpiry(wanted.expires),
    comment: storedComment(wanted) || undefined,
    email: wanted.email,
    firstname: wanted.firstName,
    lastname: wanted.lastName,
  };
}
