import { authenticationFailure, Failure } from "../errors";
import { isPast } from "../http/authenticate";
import type { Call, Method } from "../http/method";
import type { Node } from "../node";
import { capabilitiesOf } from "./capabilities";
import { optional, realmParameter, text, userParameter } from "./formats";
import { hashPassword, isPassword, isSame } from "./secrets";
import { issueTicket, tfaPrefix } from "./tickets";

const topLevelPaths = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"];

const userOrToken = /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+(?:![A-Za-z][A-Za-z0-9.\-_]+)?$/;

export const sessionMethods: Method[] = [
  { verb: "GET", path: "/version", parameters: {}, run: readVersion },
  {
    verb: "GET",
    path: "/access",
    parameters: {},
    run: () =>
      ["users", "groups", "roles", "acl", "domains", "openid", "tfa", "ticket", "password"].map((subdir) => ({
        subdir,
      })),
  },
  { verb: "GET", path: "/access/tfa", parameters: {}, run: () => [] },
  { verb: "GET", path: "/access/ticket", parameters: {}, isPublic: true, run: () => null },
  {
    verb: "POST",
    path: "/access/ticket",
    parameters: {
      username: text(64),
      password: text(),
      realm: optional(realmParameter),
      "new-format": { type: "boolean", optional: true },
    },
    isPublic: true,
    needsTicket: true,
    run: createTicket,
  },
  {
    verb: "PUT",
    path: "/access/password",
    parameters: { userid: userParameter, password: { type: "string", minLength: 8, maxLength: 64 } },
    needsTicket: true,
    failure: "change password failed",
    authorize: ({ permissions, caller, parameters }) => {
      if (parameters.userid !== caller.subject) {
        permissions.require(caller.subject, "/access/groups", "User.Modify");
      }
    },
    run: changePassword,
  },
  {
    verb: "GET",
    path: "/access/permissions",
    parameters: { userid: { type: "string", optional: true, pattern: userOrToken }, path: optional(text()) },
    authorize: ({ permissions, caller, parameters }) => {
      if (parameters.userid !== undefined && parameters.userid !== caller.subject) {
        permissions.require(caller.subject, "/access", "Sys.Audit");
      }
    },
    run: readPermissions,
  },
];

function readVersion({ node }: Call) {
  const { release, version } = node.profile;
  return { release, version, repoid: "14a22df35955d97d" };
}

function createTicket({ node, parameters, permissions }: Call) {
  const { username = "", password = "", realm } = parameters;
  const userid = realm === undefined || username.includes("@") ? username : `${username}@${realm}`;
  if (!mayLogIn(node, userid, password)) {
    throw authenticationFailure();
  }
  if (node.secondFactors.has(userid)) {
    return { username: userid, NeedTFA: 1, ...issueTicket(node, userid, tfaPrefix) };
  }
  return {
    username: userid,
    cap: capabilitiesOf(permissions, userid),
    ...issueTicket(node, userid),
  };
}

function mayLogIn(node: Node, userid: string, password: string): boolean {
  if (userid === "root@pam") return isSame(password, node.rootPassword);
  const user = node.store.config.users[userid];
  if (user?.passwordHash === undefined || !user.enable || isPast(user.expire, node.clock)) return false;
  return isPassword(user.passwordHash, password);
}

function changePassword({ node, parameters }: Call) {
  const { userid = "", password = "" } = parameters;
  const user = node.store.config.users[userid];
  if (user?.passwordHash === undefined) throw new Failure(`user '${userid}' has no password in realm pve`);
  user.passwordHash = hashPassword(password);
  node.store.save();
}

function readPermissions({ node, caller, permissions, parameters }: Call) {
  const subject = parameters.userid ?? caller.subject;
  const paths =
    parameters.path === undefined
      ? new Set([...topLevelPaths, ...node.store.config.acl.map((entry) => entry.path)])
      : [parameters.path];
  const byPath: Record<string, Record<string, number>> = {};
  for (const path of paths) {
    const privileges = [...permissions.privilegesOn(subject, path)];
    if (privileges.length === 0) continue;
    byPath[path] = Object.fromEntries(privileges.map(([name, propagates]) => [name, propagates ? 1 : 0]));
  }
  return byPath;
}
