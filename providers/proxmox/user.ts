import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import type { UserArgs } from "./args/user";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { MissingReferenceError } from "./errors";
import { proxmoxName, sorted, userId } from "./names";
import type { Parameters } from "./options";
import { ownershipMark, readComment, storedComment } from "./ownershipMark";
import { reportCascades } from "./removal";
import { expiry, readExpiry, storedExpiry, userLifecycle } from "./userLifecycle";
import type { User as Remote } from "./wire";

const inputs = z.object({
  proxmox: proxmoxConnection,
  /** `name@realm`. The name must equal the value of the realm's username claim. It is case-sensitive. */
  userId,
  /** All groups of the user. Without this option they stay unchanged, and logins with a groups claim may set them. */
  groups: setOf(proxmoxName).optional(),
  /** Revisions of the groups. A replaced group loses its members, and this resource adds the user again. */
  groupRevisions: z.array(z.string()).optional(),
  /** Whether the user may log in. */
  enabled: z.boolean().default(true),
  /**
   * End of the user's access: a day (its start, in UTC) or a time, e.g. `2027-06-30` or `2027-06-30T18:00:00+02:00`.
   */
  expires: expiry.optional(),
  /** Shown in the list of users. At most 2048 characters, including the ownership mark. */
  comment: z.string().trim().min(1).max(1950).optional(),
  /** Address for Proxmox's notifications. */
  email: z.email("must be an email address").max(254).optional(),
  /** First name, at most 1024 characters. */
  firstName: z.string().trim().min(1).max(1024).optional(),
  /** Last name, at most 1024 characters. */
  lastName: z.string().trim().min(1).max(1024).optional(),
  /** Random value in the comment. It proves that an existing user belongs to the stack. */
  ownershipMark: ownershipMark.optional(),
  /** Take over a user that exists already. */
  adopt: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;

export const userDefinition: ResourceDefinition<typeof inputs, Remote, object, ProxmoxClient> = {
  ...userLifecycle<Remote, Inputs, ProxmoxClient>({
    server: "Proxmox",
    commandOf: (id) => `pveum user modify '${id}'`,
    create: (client, wanted) => withGroups(client, client.createUser(wanted.userId, parameters(wanted))),
    update: (client, wanted) => withGroups(client, client.updateUser(wanted.userId, parameters(wanted))),
    async remove(client, id) {
      const isOfUser = (ugid: string) => ugid === id || ugid.startsWith(`${id}!`);
      await reportCascades(client, `User ${id}`, ({ type, ugid }) => type !== "group" && isOfUser(ugid));
      await undefinedIfMissing(client.deleteUser(id));
    },
  }),
  type: "proxmox:User",
  title: "Proxmox user",
  inputs,
  rewrittenAfter: ["groupRevisions"],
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),

  observe: ({ enable, expire, comment, email, firstname, lastname, groups }, state) => ({
    ...(state.groups && { groups: sorted(groups) }),
    enabled: enable === 1,
    expires: readExpiry(expire),
    ...readComment(comment),
    email: email || undefined,
    firstName: firstname,
    lastName: lastname,
  }),
};

/** All parameters in every write, because the API clears a field by an empty value. */
function parameters(wanted: Inputs): Parameters {
  return {
    groups: wanted.groups?.join(","),
    enable: wanted.enabled,
    expire: storedExpiry(wanted.expires),
    comment: storedComment(wanted),
    email: wanted.email ?? "",
    firstname: wanted.firstName ?? "",
    lastname: wanted.lastName ?? "",
  };
}

async function withGroups(client: ProxmoxClient, write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof MissingReferenceError)) throw error;
    const names = sorted((await client.groups()).map(({ groupid }) => groupid));
    throw new UserError(`${error.message}. It has ${names.length > 0 ? names.join(", ") : "no groups"}.`, {
      cause: error,
    });
  }
}

export type { UserArgs };

/** A user of Proxmox VE (`/access/users`) without a password, created before its first login. */
export class User extends DefinedResource<typeof inputs, UserArgs> {
  declare readonly userId: pulumi.Output<string>;

  constructor(name: string, args: UserArgs, options?: pulumi.CustomResourceOptions) {
    super(userDefinition, [], name, args, options);
  }
}
