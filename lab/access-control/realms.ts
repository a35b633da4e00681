import { inRandomOrder } from "../proxmox/http/random-order";
import { ApiError, parameterErrors, refused } from "./errors";
import { type Call, forms, type Method, nothing } from "./method";
import type { Node } from "./node";
import { require } from "./permissions";
import type { Product } from "./products";
import type { Schema } from "./schema";
import type { Section } from "./sections";

const strings = ["issuer-url", "client-id", "client-key", "scopes", "prompt", "acr-values", "audiences"];
const removable = [
  "client-key",
  "comment",
  "default",
  "autocreate",
  "scopes",
  "prompt",
  "acr-values",
  "audiences",
];

const options = ({ acrValue }: Product): Schema => ({
  "issuer-url": {},
  "client-id": {},
  "client-key": {},
  scopes: forms.names,
  prompt: forms.safeId,
  "acr-values": { items: { pattern: acrValue } },
  audiences: { items: { pattern: /^[^\p{Cc} <>#"]*$/u, maxLength: 256 } },
  comment: forms.comment,
  autocreate: forms.flag,
  default: forms.flag,
});

const one = "/config/access/openid/{realm}";

export function realmMethods(product: Product): Method[] {
  const needs = (privilege: string) => (call: Call) =>
    require(call.node, call.caller, product.realmPath, privilege);
  const known = options(product);
  return [
    { verb: "GET", path: "/access/domains", parameters: {}, isPublic: true, run: listAll },
    {
      verb: "GET",
      path: "/config/access/openid",
      parameters: {},
      authorize: needs("Realm.Allocate"),
      run: listOpenid,
    },
    {
      verb: "POST",
      path: "/config/access/openid",
      parameters: {
        ...known,
        realm: forms.realm,
        "issuer-url": { isRequired: true },
        "client-id": { isRequired: true },
        "username-claim": { minLength: 1, maxLength: 64, ...forms.safeId },
      },
      needsDaemon: true,
      authorize: needs("Realm.Allocate"),
      run: create,
    },
    {
      verb: "GET",
      path: one,
      parameters: { realm: forms.realm },
      authorize: needs(product.privileges.readRealm),
      run: ({ node, parameters }) => {
        const section = openidRealm(node, parameters.text("realm") ?? "");
        return { data: told(section), digest: node.store.realms.digest };
      },
    },
    {
      verb: "PUT",
      path: one,
      parameters: {
        ...known,
        realm: forms.realm,
        delete: { type: "list", choices: removable },
        digest: forms.digest,
      },
      needsDaemon: true,
      authorize: needs("Realm.Allocate"),
      run: update,
    },
    {
      verb: "DELETE",
      path: one,
      parameters: { realm: forms.realm, digest: forms.digest },
      needsDaemon: true,
      authorize: needs("Realm.Allocate"),
      run: remove,
    },
  ];
}

/** @throws ApiError if the realm is missing, or has another type */
export function openidRealm({ store }: Node, realm: string): Section {
  const section = store.realms.get(realm);
  if (section === undefined) throw refused(`no such openid '${realm}'`);
  if (section.type !== "openid") throw refused(`got unexpected type '${section.type}' for openid '${realm}'`);
  return section;
}

function told({ id, options }: Section) {
  return { realm: id, ...options };
}

function listAll({ node: { store } }: Call) {
  const data = store.realms.all.map(({ type, id, options: { comment, default: isDefault } }) => ({
    realm: id,
    type,
    ...(comment !== undefined && { comment }),
    ...(isDefault !== undefined && { default: isDefault }),
  }));
  return { data: inRandomOrder(data), digest: store.realms.digest };
}

function listOpenid({ node: { store } }: Call) {
  const realms = store.realms.all.filter(({ type }) => type === "openid");
  return { data: inRandomOrder(realms.map(told)), digest: store.realms.digest };
}

function create({ node: { store }, parameters }: Call) {
  const realm = parameters.text("realm") ?? "";
  if (store.realms.get(realm) !== undefined) {
    throw parameterErrors([["realm", `realm '${realm}' already exists.`]]);
  }
  const options: Section["options"] = {};
  for (const name of [...strings, "comment", "username-claim"])
    setIfGiven(options, name, parameters.text(name));
  for (const name of ["autocreate", "default"]) setIfGiven(options, name, parameters.flag(name));
  store.realms.set({ type: "openid", id: realm, options });
  if (options.default === true) clearDefault(store, realm);
  store.save();
  return nothing;
}

/** A change clears `default` unless it sets it (recorded). */
function update({ node, parameters }: Call) {
  const { store } = node;
  store.realms.requireDigest(parameters.text("digest"));
  const { id, options: before } = openidRealm(node, parameters.text("realm") ?? "");
  const options = { ...before };
  for (const name of parameters.list("delete")) delete options[name];
  for (const name of strings) setIfGiven(options, name, parameters.text(name));
  setIfGiven(options, "autocreate", parameters.flag("autocreate"));
  const comment = parameters.text("comment")?.trim();
  if (comment === "") delete options.comment;
  else setIfGiven(options, "comment", comment);
  delete options.default;
  if (parameters.flag("default")) options.default = true;
  store.realms.set({ type: "openid", id, options });
  if (options.default) clearDefault(store, id);
  store.save();
  return nothing;
}

/** Deletes a realm of any type, including the server's own. */
function remove({ node: { store }, parameters }: Call) {
  store.realms.requireDigest(parameters.text("digest"));
  const realm = parameters.text("realm") ?? "";
  if (store.realms.get(realm) === undefined) throw new ApiError(404, `realm '${realm}' does not exist.`);
  store.realms.delete(realm);
  store.save();
  return nothing;
}

function setIfGiven(options: Section["options"], name: string, value: string | boolean | undefined): void {
  if (value !== undefined) options[name] = value;
}

function clearDefault({ realms }: Node["store"], except: string): void {
  for (const { type, id, options } of realms.all) {
    if (id === except || options.default === undefined) continue;
    const { default: _, ...others } = options;
    realms.set({ type, id, options: others });
  }
}
