import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { NotFoundError } from "../core/errors";
import { undefinedIfMissing } from "../core/gone";
import { DefinedResource } from "../core/resource";
import type { GroupArgs } from "./args/group";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { proxmoxName } from "./names";
import { foundByMark, ownedByMark, ownershipMark, readComment, storedComment } from "./ownershipMark";
import { reportCascades } from "./removal";
import type { Group as Remote } from "./wire";

const inputs = z.object({
  proxmox: proxmoxConnection,
  /**
   * The name. For a group in a realm's groups claim, Proxmox uses `<name>-<realm>`. Case-sensitive, of letters,
   * digits, `.`, `-` and `_` only (PVE/AccessControl.pm).
   */
  group: proxmoxName,
  /** Shown in the list of groups. */
  comment: z.string().trim().min(1).optional(),
  /** Random value in the comment. It proves that an existing group belongs to the stack. */
  ownershipMark: ownershipMark.optional(),
  /** Take over a group that exists already. */
  adopt: z.boolean().default(false),
});

export const groupDefinition: ResourceDefinition<typeof inputs, Remote, object, ProxmoxClient> = {
  type: "proxmox:Group",
  title: "Proxmox group",
  inputs,
  ownership: ownedByMark(({ group }) => group),
  replaceOn: ["group"],
  namesAreUnique: true,
  secrets: [],
  id: ({ group }) => group,
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),

  async find(client, wanted) {
    const remote = await client.group(wanted.group);
    if (remote === undefined) return undefined;
    const { comment } = readComment(remote.comment);
    const description = `A group "${wanted.group}"${comment ? ` (${comment})` : ""}`;
    return foundByMark(remote, wanted, description, `pveum group modify ${wanted.group}`);
  },

  async create(client, wanted) {
    await client.createGroup(wanted.group, { comment: storedComment(wanted) });
    return existing(client, wanted.group);
  },

  read: (client, state) => client.group(state.group),

  async update(client, _current, wanted, changed) {
    if (changed.has("comment") || changed.has("ownershipMark")) {
      await client.updateGroup(wanted.group, { comment: storedComment(wanted) });
    }
    return existing(client, wanted.group);
  },

  async delete(client, { group }) {
    await reportCascades(client, `Group ${group}`, (entry) => entry.type === "group" && entry.ugid === group);
    await undefinedIfMissing(client.deleteGroup(group));
  },

  observe: ({ comment }) => readComment(comment),
  outputs: () => ({}),
};

async function existing(client: ProxmoxClient, group: string): Promise<Remote> {
  const remote = await client.group(group);
  if (remote === undefined) throw new NotFoundError(`Proxmox has no group "${group}".`);
  return remote;
}

export type { GroupArgs };

/** A group of Proxmox VE (`/access/groups`). Its members are never changed. */
export class Group extends DefinedResource<typeof inputs, GroupArgs> {
  declare readonly group: pulumi.Output<string>;

  constructor(name: string, args: GroupArgs, options?: pulumi.CustomResourceOptions) {
    super(groupDefinition, [], name, args, options);
  }
}
