import { randomUUID } from "node:crypto";
import { hashToken } from "../proxmox/access/secrets";
import { inRandomOrder } from "../proxmox/http/random-order";
import { ApiError, refused } from "./errors";
import { type Call, forms, type Method, nothing } from "./method";
import { has, isToken, require, userOfToken } from "./permissions";
import type { Product } from "./products";
import type { Schema } from "./schema";
import type { Section } from "./sections";

const path = "/access/users";
const one = `${path}/{userid}`;
const texts = ["firstname", "lastname", "email"];

const attributes = ({ shortestName }: Product): Schema => ({
  comment: forms.comment,
  email: { minLength: 2, maxLength: 64, ...forms.noControls },
  enable: forms.flag,
  expire: { type: "integer" },
  firstname: { minLength: shortestName, maxLength: 64, ...forms.noControls },
  lastname: { minLength: shortestName, maxLength: 64, ...forms.noControls },
  password: { minLength: 8, maxLength: 64 },
});

export function userMethods(product: Product): Method[] {
  const { privileges } = product;
  const needs = (privilege: string) => (call: Call) => {
    if (call.caller !== call.parameters.text("userid")) require(call.node, call.caller, path, privilege);
  };
  const { userid } = forms;
  return [
    { verb: "GET", path, parameters: { include_tokens: forms.flag }, run: list },
    {
      verb: "POST",
      path,
      parameters: { userid, ...attributes(product) },
      needsDaemon: true,
      authorize: ({ node, caller }) => require(node, caller, path, privileges.modify),
      run: create,
    },
    { verb: "GET", path: one, parameters: { userid }, authorize: needs(privileges.readUser), run: read },
    {
      verb: "PUT",
      path: one,
      parameters: {
        userid,
        ...attributes(product),
        delete: { type: "list", choices: product.removableOfUser },
        digest: forms.digest,
      },
      needsDaemon: true,
      authorize: needs(privileges.modify),
      run: update,
    },
    {
      verb: "DELETE",
      path: one,
      parameters: { userid, digest: forms.digest },
      needsDaemon: true,
      authorize: needs(privileges.modify),
      run: remove,
    },
    {
      verb: "POST",
      path: `${one}/token/{token-name}`,
      parameters: { userid, "token-name": { isRequired: true, ...forms.safeId } },
      needsDaemon: true,
      authorize: needs(privileges.modify),
      run: createToken,
    },
  ];
}

function list({ node: { store, product }, node, caller, parameters }: Call) {
  const seesAll = has(node, caller, path, product.privileges.users);
  const visible = store.users.all.filter(
    ({ type, id }) => type === "user" && (seesAll || id === userOfToken(caller)),
  );
  const data = visible.map((user) => {
    const tokens = store.users.all.filter(({ type, id }) => type === "token" && userOfToken(id) === user.id);
    const shown = parameters.flag("include_tokens") && tokens.length > 0;
    return { ...told(user), ...(shown && { tokens: tokens.map(({ id }) => ({ tokenid: id })) }) };
  });
  return { data: inRandomOrder(data), digest: store.users.digest };
}

function told({ id, options }: Section) {
  return { userid: id, ...options };
}

function read({ node: { store }, parameters }: Call) {
  return { data: told(existing(store, parameters.text("userid") ?? "")), digest: store.users.digest };
}

function existing(store: Call["node"]["store"], userid: string): Section {
  const user = store.users.get(userid);
  if (user === undefined) throw refused(`no such user '${userid}'`);
  return user;
}

function create({ node: { store, product }, parameters }: Call) {
  const userid = parameters.text("userid") ?? "";
  if (store.users.get(userid) !== undefined) throw refused(`user '${userid}' already exists.`);
  const realm = realmOf(userid);
  const isBuiltIn = realm === "pam" || realm === product.ownRealm;
  if (!isBuiltIn && store.realms.get(realm) === undefined) throw refused(product.says.unknownRealm(realm));
  const options: Section["options"] = {};
  for (const name of ["comment", ...texts]) {
    const text = parameters.text(name);
    if (text !== undefined) options[name] = text;
  }
  const enable = parameters.flag("enable");
  if (enable !== undefined) options.enable = enable;
  const expire = parameters.number("expire");
  if (expire !== undefined) options.expire = expire;
  store.users.set({ type: "user", id: userid, options });
  store.save();
  if (parameters.text("password") !== undefined && store.realms.get(realm)?.type === "openid") {
    throw new ApiError(501, "storing passwords is not implemented for OpenID realms");
  }
  return nothing;
}

function update({ node: { store }, parameters }: Call) {
  store.users.requireDigest(parameters.text("digest"));
  const { id, options: before } = existing(store, parameters.text("userid") ?? "");
  const options = { ...before };
  for (const name of parameters.list("delete")) delete options[name];
  for (const name of ["comment", ...texts]) {
    const text = parameters.text(name)?.trim();
    if (text === "") delete options[name];
    else if (text !== undefined) options[name] = text;
  }
  const enable = parameters.flag("enable");
  if (enable !== undefined) delete options.enable;
  if (enable === false) options.enable = false;
  const expire = parameters.number("expire");
  if (expire !== undefined) delete options.expire;
  if (expire) options.expire = expire;
  store.users.set({ type: "user", id, options });
  store.save();
  return nothing;
}

/** Backup Server deletes the user before it notices that the realm is missing. */
function remove({ node: { store, product }, parameters }: Call) {
  store.users.requireDigest(parameters.text("digest"));
  const userid = parameters.text("userid") ?? "";
  if (store.users.get(userid) === undefined) throw refused(`user '${userid}' does not exist.`);
  const hasRealm = store.realms.get(realmOf(userid)) !== undefined;
  if (hasRealm || !product.cleansAcl) {
    const isOfUser = (id: string) => id === userid || (isToken(id) && userOfToken(id) === userid);
    for (const { id } of store.users.all) if (isOfUser(id)) store.users.delete(id);
    if (product.cleansAcl) store.acl.remove(({ id }) => isOfUser(id));
    store.save();
  }
  if (!hasRealm) throw refused(product.says.unknownRealm(realmOf(userid)));
  return nothing;
}

function createToken({ node: { store }, parameters }: Call) {
  const userid = parameters.text("userid") ?? "";
  const tokenid = `${userid}!${parameters.text("token-name")}`;
  if (store.users.get(tokenid) !== undefined) {
    throw refused(`token '${parameters.text("token-name")}' for user '${userid}' already exists.`);
  }
  const value = randomUUID();
  store.users.set({ type: "token", id: tokenid, options: {} });
  store.secrets.set(tokenid, hashToken(value));
  store.save();
  return { data: { tokenid, value } };
}

function realmOf(userid: string): string {
  return userid.slice(userid.lastIndexOf("@") + 1);
}
