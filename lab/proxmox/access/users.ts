import { Failure, internalError } from "../errors";
import type { Call, Method } from "../http/method";
import type { Schema } from "../http/schema";
import type { Config, User } from "../state/store";
import { findRealm } from "./domains";
import {
  boolean,
  groupList,
  isEmailOrEmpty,
  optional,
  realmOfUser,
  splitList,
  text,
  userParameter,
} from "./formats";
import { groupsOf, joinGroup, leaveAllGroups, requireOnRealm, requireOnUser } from "./membership";
import { hashPassword } from "./secrets";
import { listTokens } from "./tokens";

const attributes: Schema = {
  comment: optional(text(2048)),
  email: optional({ ...text(254), format: isEmailOrEmpty }),
  enable: boolean,
  expire: { type: "integer", optional: true, minimum: 0 },
  firstname: optional(text(1024)),
  groups: optional(groupList),
  keys: { type: "string", optional: true, pattern: /^[0-9a-zA-Z!=]{0,4096}$/ },
  lastname: optional(text(1024)),
};

export const userMethods: Method[] = [
  {
    verb: "GET",
    path: "/access/users",
    parameters: { enabled: boolean, full: boolean },
    run: listUsers,
  },
  {
    verb: "POST",
    path: "/access/users",
    parameters: {
      userid: userParameter,
      password: { type: "string", optional: true, minLength: 8, maxLength: 64 },
      ...attributes,
    },
    failure: "create user failed",
    authorize: mayCreate,
    run: createUser,
  },
  {
    verb: "GET",
    path: "/access/users/{userid}",
    parameters: { userid: userParameter },
    authorize: (call) => requireOnUser(call, ["User.Modify", "Sys.Audit"]),
    run: readUser,
  },
  {
    verb: "PUT",
    path: "/access/users/{userid}",
    parameters: { userid: userParameter, append: { ...boolean, requires: "groups" }, ...attributes },
    failure: "update user failed",
    authorize: (call) => requireOnUser(call, ["User.Modify"]),
    run: updateUser,
  },
  {
    verb: "DELETE",
    path: "/access/users/{userid}",
    parameters: { userid: userParameter },
    failure: "delete user failed",
    authorize: (call) => {
      requireOnRealm(call);
      requireOnUser(call, ["User.Modify"]);
    },
    run: deleteUser,
  },
];

function mayCreate(call: Call): void {
  if (call.parameters.userid === undefined) return;
  requireOnRealm(call);
  const groups = splitList(call.parameters.groups ?? "");
  call.permissions.requireOnGroups(call.caller.subject, groups, ["User.Modify"]);
}

function listUsers({ node, caller, permissions, parameters }: Call) {
  const { config } = node.store;
  // root@pam exists even without an entry.
  const users: Record<string, User> = { "root@pam": { enable: true, tokens: {} }, ...config.users };
  const visible = Object.entries(users).filter(([userid, user]) => {
    if (parameters.enabled !== undefined && user.enable !== (parameters.enabled === "1")) return false;
    const paths = ["/access/groups", ...groupsOf(config, userid).map((name) => `/access/groups/${name}`)];
    const isAllowed = paths.some((path) =>
      permissions.hasAny(caller.subject, path, ["User.Modify", "Sys.Audit"]),
    );
    return isAllowed || userid === caller.subject;
  });
  return visible
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([userid, user]) => {
      const realmType = findRealm(node, userid.replace(/^.*@/, ""))?.type;
      const tokens = listTokens(user);
      return {
        userid,
        ...attributesOf(user),
        ...(realmType === undefined ? {} : { "realm-type": realmType }),
        ...(parameters.full === "1"
          ? { groups: groupsOf(config, userid).join(","), tokens: tokens.length > 0 ? tokens : null }
          : {}),
      };
    });
}

function readUser({ node, parameters }: Call) {
  const { userid = "" } = parameters;
  const user = node.store.config.users[userid];
  if (user === undefined) throw internalError(`no such user ('${userid}')`);
  const tokens = listTokens(user).map(({ tokenid, ...rest }) => [tokenid, rest]);
  return {
    ...attributesOf(user),
    groups: groupsOf(node.store.config, userid),
    tokens: tokens.length > 0 ? Object.fromEntries(tokens) : null,
  };
}

function createUser({ node, parameters }: Call) {
  const { userid = "", password, groups } = parameters;
  const { config } = node.store;
  if (config.users[userid] !== undefined) throw new Failure(`user '${userid}' already exists`);
  const realm = findRealm(node, realmOfUser(userid));
  if (password !== undefined && realm?.type !== "pve") {
    throw new Failure(`can't set password on auth type '${realm?.type ?? ""}'`);
  }
  const user: User = { enable: true, expire: 0, tokens: {} };
  if (password !== undefined) user.passwordHash = hashPassword(password);
  setAttributes(user, parameters);
  const names = splitList(groups ?? "");
  requireGroups(config, names);
  config.users[userid] = user;
  for (const name of names) joinGroup(config, name, userid);
  node.store.save();
}

function updateUser({ node, parameters }: Call) {
  const { userid = "", groups, append } = parameters;
  const { config } = node.store;
  const user = config.users[userid];
  if (user === undefined) throw new Failure(`no such user ('${userid}')`);
  if (groups !== undefined) {
    const names = splitList(groups);
    requireGroups(config, names);
    if (append !== "1") leaveAllGroups(config, userid);
    for (const name of names) joinGroup(config, name, userid);
  }
  setAttributes(user, parameters);
  node.store.save();
}

function deleteUser({ node, parameters }: Call) {
  const { userid = "" } = parameters;
  const { config } = node.store;
  delete config.users[userid];
  leaveAllGroups(config, userid);
  config.acl = config.acl.filter(
    ({ type, ugid }) => type === "group" || (ugid !== userid && !ugid.startsWith(`${userid}!`)),
  );
  node.store.save();
}

function requireGroups(config: Config, names: string[]): void {
  const missing = names.find((name) => config.groups[name] === undefined);
  if (missing !== undefined) throw new Failure(`no such group '${missing}'`);
}

function setAttributes(user: User, parameters: Record<string, string>): void {
  const { enable, expire, comment, email, firstname, lastname, keys } = parameters;
  if (enable !== undefined) user.enable = enable === "1";
  if (expire !== undefined) user.expire = Number(expire);
  if (comment !== undefined) user.comment = comment;
  if (email !== undefined) user.email = email;
  if (firstname !== undefined) user.firstname = firstname;
  if (lastname !== undefined) user.lastname = lastname;
  if (keys !== undefined) user.keys = keys;
}

/** Empty attributes are omitted, except an email before a comment, which keeps its position in the file's line. */
function attributesOf(user: User) {
  const { comment, email, firstname, lastname, keys } = user;
  const showsEmail = email || comment || keys;
  return {
    enable: user.enable ? 1 : 0,
    expire: user.expire,
    ...(comment ? { comment } : {}),
    ...(showsEmail ? { email: email ?? "" } : {}),
    ...(firstname ? { firstname } : {}),
    ...(lastname ? { lastname } : {}),
    ...(keys ? { keys } : {}),
  };
}
