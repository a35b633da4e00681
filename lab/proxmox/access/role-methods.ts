import { ApiError, Failure, internalError, parameterError } from "../errors";
import type { Call, Method } from "../http/method";
import { inRandomOrder } from "../http/random-order";
import { boolean, optional, privilegeList, roleParameter, splitList } from "./formats";
import { builtInRolesOf } from "./roles";

const mayChange = ({ permissions, caller }: Call) =>
  permissions.require(caller.subject, "/access", "Sys.Modify");

export const roleMethods: Method[] = [
  { verb: "GET", path: "/access/roles", parameters: {}, run: listRoles },
  {
    verb: "POST",
    path: "/access/roles",
    parameters: { roleid: roleParameter, privs: optional(privilegeList) },
    failure: "create role failed",
    authorize: mayChange,
    run: createRole,
  },
  { verb: "GET", path: "/access/roles/{roleid}", parameters: { roleid: roleParameter }, run: readRole },
  {
    verb: "PUT",
    path: "/access/roles/{roleid}",
    parameters: {
      roleid: roleParameter,
      privs: optional(privilegeList),
      append: { ...boolean, requires: "privs" },
    },
    failure: "update role failed",
    authorize: mayChange,
    run: updateRole,
  },
  {
    verb: "DELETE",
    path: "/access/roles/{roleid}",
    parameters: { roleid: roleParameter },
    failure: "delete role failed",
    authorize: mayChange,
    run: deleteRole,
  },
];

function listRoles({ node }: Call) {
  const builtIn = Object.entries(builtInRolesOf(node.profile)).map(([roleid, list]) => ({
    roleid,
    privs: list.join(","),
    special: 1,
  }));
  const own = Object.entries(node.store.config.roles).map(([roleid, list]) => ({
    roleid,
    privs: [...list].sort().join(","),
    special: 0,
  }));
  return inRandomOrder([...builtIn, ...own]);
}

function readRole({ node, parameters }: Call) {
  const { roleid = "" } = parameters;
  const list = builtInRolesOf(node.profile)[roleid] ?? node.store.config.roles[roleid];
  if (list === undefined) throw internalError(missing(roleid));
  return Object.fromEntries(list.map((privilege) => [privilege, 1]));
}

function createRole({ node, parameters }: Call) {
  const { roleid = "", privs = "" } = parameters;
  if (/^PVE/i.test(roleid)) {
    throw parameterError({
      roleid: "cannot use role ID starting with the (case-insensitive) 'PVE' namespace",
    });
  }
  const exists = builtInRolesOf(node.profile)[roleid] ?? node.store.config.roles[roleid];
  if (exists !== undefined) throw new Failure(`role '${roleid}' already exists`);
  node.store.config.roles[roleid] = splitList(privs);
  node.store.save();
}

function updateRole({ node, parameters }: Call) {
  const { roleid = "", privs = "", append } = parameters;
  refuseBuiltIn({ node, roleid, action: "modified" });
  const present = node.store.config.roles[roleid];
  if (present === undefined) throw new Failure(missing(roleid));
  const kept = append === "1" ? present : [];
  node.store.config.roles[roleid] = [...new Set([...kept, ...splitList(privs)])];
  node.store.save();
}

function deleteRole({ node, parameters }: Call) {
  const { roleid = "" } = parameters;
  refuseBuiltIn({ node, roleid, action: "deleted" });
  const { config } = node.store;
  if (config.roles[roleid] === undefined) throw new Failure(missing(roleid));
  delete config.roles[roleid];
  config.acl = config.acl.filter((entry) => entry.roleid !== roleid);
  node.store.save();
}

function refuseBuiltIn({
  node,
  roleid,
  action,
}: Pick<Call, "node"> & { roleid: string; action: string }): void {
  if (builtInRolesOf(node.profile)[roleid] !== undefined) {
    throw new ApiError(500, `auto-generated role '${roleid}' cannot be ${action}\n`);
  }
}

function missing(roleid: string): string {
  return `role '${roleid}' does not exist`;
}
