import { Failure, parameterError } from "../errors";
import type { Call, Method } from "../http/method";
import { inRandomOrder } from "../http/random-order";
import type { AclEntry, Config } from "../state/store";
import { boolean, groupList, optional, roleList, splitList, text, tokenList, userList } from "./formats";
import { builtInRolesOf } from "./roles";

export const aclMethods: Method[] = [
  { verb: "GET", path: "/access/acl", parameters: {}, run: listAcl },
  {
    verb: "PUT",
    path: "/access/acl",
    parameters: {
      path: text(),
      roles: roleList,
      users: optional(userList),
      groups: optional(groupList),
      tokens: optional(tokenList),
      propagate: boolean,
      delete: boolean,
    },
    failure: "ACL update failed",
    authorize: ({ permissions, caller, parameters }) => {
      const path = normalizePath(parameters.path ?? "") ?? "/";
      permissions.require(caller.subject, path, "Permissions.Modify");
    },
    run: updateAcl,
  },
];

const name = "[A-Za-z0-9._-]+";
/** From `check_path` of pve-access-control 9.1.1. */
const validPath = new RegExp(
  `^(/|/access|/access/groups(/${name})?|/access/realm(/${name})?|/nodes(/${name})?|/pool(/${name}){0,3}` +
    `|/sdn(/zones(/${name}){0,2}|/zones/${name}/${name}/[1-9][0-9]{0,3}|/controllers(/[A-Za-z0-9_-]+)?` +
    `|/(dns|fabrics|ipams|prefix-lists|route-maps)(/[A-Za-z0-9]+)?)?|/storage(/${name})?` +
    `|/vms(/[1-9][0-9]{2,})?|/mapping(/${name}){0,2})$`,
);

/** The path in its stored form. Undefined if empty. */
function normalizePath(path: string): string | undefined {
  if (path === "") return undefined;
  const joined = `/${path}`.replace(/\/+/g, "/");
  return joined === "/" ? joined : joined.replace(/\/$/, "");
}

function listAcl({ node, caller, permissions }: Call) {
  const seesAll = permissions.hasAny(caller.subject, "/access", ["Sys.Audit"]);
  const visible = node.store.config.acl.filter(
    (entry) => seesAll || permissions.hasAny(caller.subject, entry.path, ["Permissions.Modify"]),
  );
  return inRandomOrder(visible).map((entry) => ({ ...entry, propagate: entry.propagate ? 1 : 0 }));
}

function updateAcl({ node, parameters }: Call) {
  const { config } = node.store;
  const isDelete = parameters.delete === "1";
  const path = normalizePath(parameters.path ?? "");
  if (path === undefined || (!isDelete && !validPath.test(path))) {
    throw parameterError({ path: `invalid ACL path '${parameters.path}'` });
  }
  const subjects = subjectsOf(parameters);
  if (subjects.length === 0) {
    const message = "either 'users', 'groups' or 'tokens' is required.";
    throw parameterError({ users: message, groups: message, tokens: message });
  }
  const knownRoles = { ...builtInRolesOf(node.profile), ...config.roles };
  let acl = config.acl;
  for (const roleid of splitList(parameters.roles ?? "")) {
    if (knownRoles[roleid] === undefined) throw new Failure(`role '${roleid}' does not exist`);
    for (const { type, ugid } of subjects) {
      requireSubject(config, type, ugid);
      acl = acl.filter(
        (entry) =>
          entry.path !== path || entry.roleid !== roleid || entry.type !== type || entry.ugid !== ugid,
      );
      if (!isDelete) acl = [...acl, { path, type, ugid, roleid, propagate: parameters.propagate !== "0" }];
    }
  }
  config.acl = acl;
  node.store.save();
}

function subjectsOf(parameters: Record<string, string>): Pick<AclEntry, "type" | "ugid">[] {
  const ofType = (type: AclEntry["type"], list = "") => splitList(list).map((ugid) => ({ type, ugid }));
  return [
    ...ofType("group", parameters.groups),
    ...ofType("user", parameters.users),
    ...ofType("token", parameters.tokens),
  ];
}

function requireSubject(config: Config, type: AclEntry["type"], ugid: string): void {
  if (type === "group" && config.groups[ugid] === undefined) {
    throw new Failure(`group '${ugid}' does not exist`);
  }
  const [userid = "", token = ""] = type === "token" ? ugid.split(/!([^!]*)$/) : [ugid];
  if (type !== "group" && config.users[userid] === undefined) {
    throw new Failure(`user '${userid}' does not exist`);
  }
  if (type === "token" && config.users[userid]?.tokens[token] === undefined) {
    throw new Failure(`no such token '${token}' for user '${userid}'`);
  }
}
