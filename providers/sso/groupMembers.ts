import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { AuthentikClient } from "../authentik/client";
import { authentikConnection, connectAuthentik } from "../authentik/connection";
import { type Member, membersBelow, UnseenGroupError } from "../authentik/membersBelow";
import { differences } from "../core/compare";
import type { ResourceDefinition } from "../core/definition";
import { nothingToOwn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { setOf } from "../core/setOf";
import type { GroupMembersArgs } from "./args/groupMembers";

/** What authentik sends in each claim that can be followed. */
const namesOf = {
  username: ({ username }: Member) => username,
  preferred_username: ({ username }: Member) => username,
  nickname: ({ username }: Member) => username,
  email: ({ email }: Member) => email,
} as const;

/** Claims whose values are known before a login. */
export const followedClaims = ["username", "preferred_username", "nickname", "email"] as const;

export function isFollowed(claim: string): claim is (typeof followedClaims)[number] {
  return followedClaims.some((known) => known === claim);
}

const inputs = z.object({
  authentik: authentikConnection,
  /** Ids (`pk`) of groups of authentik. Members of the groups below them are included. */
  groups: setOf(z.uuid()),
  /** The claim that is the user name on the other server. */
  usernameClaim: z.enum(followedClaims).default("username"),
  /**
   * Set this to `!pulumi.runtime.isDryRun()`, which is true in an `up` and false in a preview. Each `up` then reads
   * the members again.
   */
  duringUp: z.boolean().default(false),
});

type Inputs = z.output<typeof inputs>;
type Members = Readonly<Record<string, readonly string[]>>;

export const groupMembersDefinition: ResourceDefinition<
  typeof inputs,
  Members,
  { members: Members },
  AuthentikClient
> = {
  type: "sso:GroupMembers",
  title: "list of the members of authentik's groups",
  inputs,
  ownership: nothingToOwn,
  notCompared: ["duringUp"],
  replaceOn: [],
  secrets: [],
  id: ({ groups }) => groups.join(", "),
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),
  followed: {
    duringUp: "duringUp",
    isCurrent: async (client, state) =>
      differences(await ask(client, state), state.members, state.groups).size === 0,
  },
  find: async () => undefined,
  create: ask,

  async read(client, state) {
    try {
      return await ask(client, state);
    } catch (error) {
      // Their own resources report groups that are gone.
      if (!(error instanceof UnseenGroupError)) throw error;
      console.log(error.message);
      return state.members;
    }
  },

  update: (client, _current, wanted) => ask(client, wanted),
  delete: async () => {},
  observe: () => ({}),
  outputs: (members) => ({ members }),
};

/** The member's name on the other server. Empty if the claim gives none. */
export function nameIn(claim: string, member: Member): string[] {
  return isFollowed(claim) ? [namesOf[claim](member)].filter((name) => name !== "") : [];
}

async function ask(client: AuthentikClient, { groups, usernameClaim }: Inputs): Promise<Members> {
  const members = await membersBelow(client, groups);
  return Object.fromEntries(
    [...members].map(([pk, found]) => [
      pk,
      [...new Set(found.flatMap((member) => nameIn(usernameClaim, member)))].sort(),
    ]),
  );
}

export type { GroupMembersArgs };

/**
 * The members of groups of authentik, for servers without a groups claim. The resource changes nothing on a server.
 * Each `up` and each refresh asks authentik; a preview shows the members of the last one.
 */
export class GroupMembers extends DefinedResource<typeof inputs, GroupMembersArgs> {
  /** Names of the active members, by the group's id. */
  declare readonly members: pulumi.Output<Record<string, string[]>>;

  constructor(name: string, args: GroupMembersArgs, options?: pulumi.CustomResourceOptions) {
    super(groupMembersDefinition, ["members"], name, args, options);
  }
}
