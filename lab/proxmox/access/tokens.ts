import { randomUUID } from "node:crypto";
import { internalError, parameterError } from "../errors";
import type { Call, Method } from "../http/method";
import { inRandomOrder } from "../http/random-order";
import type { Token, User } from "../state/store";
import { boolean, optional, text, tokenNameParameter, userParameter } from "./formats";
import { requireOnUser } from "./membership";
import { hashToken } from "./secrets";

const names = { userid: userParameter, tokenid: tokenNameParameter };

export const tokenMethods: Method[] = [
  {
    verb: "GET",
    path: "/access/users/{userid}/token",
    parameters: { userid: userParameter },
    authorize: isSelfOrAdmin,
    run: (call) => inRandomOrder(listTokens(userOf(call))),
  },
  {
    verb: "GET",
    path: "/access/users/{userid}/token/{tokenid}",
    parameters: names,
    authorize: isSelfOrAdmin,
    run: readToken,
  },
  {
    verb: "POST",
    path: "/access/users/{userid}/token/{tokenid}",
    parameters: {
      ...names,
      comment: optional(text()),
      expire: { type: "integer", optional: true, minimum: 0 },
      privsep: boolean,
    },
    authorize: isSelfOrAdmin,
    run: createToken,
  },
  {
    verb: "DELETE",
    path: "/access/users/{userid}/token/{tokenid}",
    parameters: names,
    authorize: isSelfOrAdmin,
    run: deleteToken,
  },
];

export function listTokens(user: User) {
  return Object.entries(user.tokens).map(([tokenid, token]) => ({ tokenid, ...attributesOf(token) }));
}

function isSelfOrAdmin(call: Call): void {
  if (call.parameters.userid !== call.caller.subject) requireOnUser(call, ["User.Modify"]);
}

function userOf({ node, parameters }: Call): User {
  const user = node.store.config.users[parameters.userid ?? ""];
  if (user === undefined) throw internalError(`no such user ('${parameters.userid}')`);
  return user;
}

function readToken(call: Call) {
  const { tokenid = "", userid = "" } = call.parameters;
  const token = userOf(call).tokens[tokenid];
  if (token === undefined) throw internalError(`no such token '${tokenid}' for user '${userid}'`);
  return attributesOf(token);
}

function createToken(call: Call) {
  const { userid, tokenid = "", ...info } = call.parameters;
  const user = userOf(call);
  if (user.tokens[tokenid] !== undefined) throw parameterError({ tokenid: "Token already exists." });
  const value = randomUUID();
  user.tokens[tokenid] = {
    expire: Number(info.expire ?? 0),
    privsep: info.privsep !== "0",
    secretHash: hashToken(value),
    ...(info.comment === undefined ? {} : { comment: info.comment }),
  };
  call.node.store.save();
  return { "full-tokenid": `${userid}!${tokenid}`, value, info };
}

function deleteToken(call: Call) {
  const { tokenid = "", userid = "" } = call.parameters;
  const { tokens } = userOf(call);
  if (tokens[tokenid] === undefined) throw internalError(`no such token '${tokenid}' for user '${userid}'`);
  delete tokens[tokenid];
  const { config } = call.node.store;
  config.acl = config.acl.filter(({ ugid }) => ugid !== `${userid}!${tokenid}`);
  call.node.store.save();
}

function attributesOf({ expire, privsep, comment }: Token) {
  return { expire, privsep: privsep ? 1 : 0, ...(comment ? { comment } : {}) };
}
