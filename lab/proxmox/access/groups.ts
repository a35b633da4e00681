import { Failure, internalError } from "../errors";
import type { Call, Method } from "../http/method";
import { inRandomOrder } from "../http/random-order";
import type { Group } from "../state/store";
import { groupParameter, optional, text } from "./formats";

const comment = optional(text());
const mayChange = ({ permissions, caller }: Call) =>
  permissions.require(caller.subject, "/access/groups", "Group.Allocate");

export const groupMethods: Method[] = [
  { verb: "GET", path: "/access/groups", parameters: {}, run: listGroups },
  {
    verb: "POST",
    path: "/access/groups",
    parameters: { groupid: groupParameter, comment },
    failure: "create group failed",
    authorize: mayChange,
    run: createGroup,
  },
  {
    verb: "GET",
    path: "/access/groups/{groupid}",
    parameters: { groupid: groupParameter },
    authorize: ({ permissions, caller }) =>
      permissions.require(caller.subject, "/access/groups", "Sys.Audit", "Group.Allocate"),
    run: readGroup,
  },
  {
    verb: "PUT",
    path: "/access/groups/{groupid}",
    parameters: { groupid: groupParameter, comment },
    failure: "update group failed",
    authorize: mayChange,
    run: updateGroup,
  },
  {
    verb: "DELETE",
    path: "/access/groups/{groupid}",
    parameters: { groupid: groupParameter },
    failure: "delete group failed",
    authorize: mayChange,
    run: deleteGroup,
  },
];

function listGroups({ node, caller, permissions }: Call) {
  const visible = Object.entries(node.store.config.groups).filter(([name]) =>
    permissions.hasAny(caller.subject, `/access/groups/${name}`, [
      "User.Modify",
      "Sys.Audit",
      "Group.Allocate",
    ]),
  );
  return inRandomOrder(
    visible.map(([groupid, group]) => ({
      groupid,
      users: [...group.members].sort().join(","),
      ...commentOf(group),
    })),
  );
}

function readGroup({ node, parameters }: Call) {
  const group = node.store.config.groups[parameters.groupid ?? ""];
  if (group === undefined) throw internalError(missing(parameters.groupid));
  return { members: inRandomOrder(group.members), ...commentOf(group) };
}

function createGroup({ node, parameters }: Call) {
  const { groupid = "", comment } = parameters;
  const { groups } = node.store.config;
  if (groups[groupid] !== undefined) throw new Failure(`group '${groupid}' already exists`);
  groups[groupid] = { members: [], ...(comment === undefined ? {} : { comment }) };
  node.store.save();
}

function updateGroup({ node, parameters }: Call) {
  const group = node.store.config.groups[parameters.groupid ?? ""];
  if (group === undefined) throw new Failure(missing(parameters.groupid));
  if (parameters.comment !== undefined) group.comment = parameters.comment;
  node.store.save();
}

function deleteGroup({ node, parameters }: Call) {
  const { groupid = "" } = parameters;
  const { config } = node.store;
  if (config.groups[groupid] === undefined) throw new Failure(missing(groupid));
  delete config.groups[groupid];
  config.acl = config.acl.filter((entry) => entry.type !== "group" || entry.ugid !== groupid);
  node.store.save();
}

function commentOf({ comment }: Group) {
  return comment === undefined || comment === "" ? {} : { comment };
}

function missing(groupid: string | undefined): string {
  return `group '${groupid}' does not exist`;
}
