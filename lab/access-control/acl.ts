import { inRandomOrder } from "../proxmox/http/random-order";
import { refused } from "./errors";
import { type Call, forms, type Method, nothing } from "./method";
import { has, isToken, pathsWithEntries, privilegesOf, userOfToken } from "./permissions";
import type { Product } from "./products";
import { modified } from "./sections";

const aclPath = "/access/acl";
const path = {
  minLength: 1,
  maxLength: 128,
  pattern: /^(?:\/|(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)+)$/,
};
const authId = {
  minLength: 3,
  maxLength: 64,
  pattern: /^[^\s:/\p{Cc}]+@[A-Za-z0-9_][A-Za-z0-9._-]*(![A-Za-z0-9_][A-Za-z0-9._-]*)?$/u,
};

export function aclMethods(product: Product): Method[] {
  const choices = product.says.unknownRole ? undefined : Object.keys(product.roles);
  return [
    { verb: "GET", path: aclPath, parameters: { path, exact: forms.flag }, run: list },
    {
      verb: "PUT",
      path: aclPath,
      parameters: {
        path: { ...path, isRequired: true },
        role: { isRequired: true, ...(choices && { choices }) },
        "auth-id": authId,
        group: { minLength: 3, maxLength: 64 },
        propagate: forms.flag,
        delete: forms.flag,
        digest: forms.digest,
      },
      needsDaemon: true,
      run: update,
    },
    { verb: "GET", path: "/access/permissions", parameters: { path, "auth-id": authId }, run: permissions },
    {
      verb: "GET",
      path: "/access/roles",
      parameters: {},
      run: () => ({
        data: inRandomOrder(
          Object.entries(product.roles).map(([roleid, { comment, privs }]) => ({ roleid, privs, comment })),
        ),
      }),
    },
  ];
}

function list({ node, caller, parameters }: Call) {
  const { acl } = node.store;
  const seesAll = has(node, caller, aclPath, node.product.privileges.users);
  const at = parameters.text("path");
  const isAsked = (entry: string) =>
    at === undefined || entry === at || (!parameters.flag("exact") && entry.startsWith(`${at}/`));
  const data = acl.all
    .filter(({ id }) => seesAll || (!isToken(caller) && isToken(id) && userOfToken(id) === caller))
    .filter((entry) => isAsked(entry.path))
    .map(({ path, id, role, propagate }) => ({ path, propagate, roleid: role, ugid: id, ugid_type: "user" }));
  return { data: inRandomOrder(data), digest: acl.digest };
}

function update({ node, caller, parameters }: Call) {
  const { store, product } = node;
  if (!has(node, caller, aclPath, product.privileges.modify)) {
    if (isToken(caller)) throw refused("Unprivileged API tokens can't set ACL items.");
    const isOwn = userOfToken(parameters.text("auth-id") ?? "") === caller;
    if (!isOwn) throw refused("Unprivileged user can only set ACL items for own tokens.");
  }
  const digest = parameters.text("digest");
  if (digest !== undefined && digest !== store.acl.digest) throw modified();
  const [role = "", at = "", id] = ["role", "path", "auth-id"].map((name) => parameters.text(name));
  if (product.says.unknownRole && !(role in product.roles)) throw refused(product.says.unknownRole(role));
  if (parameters.text("group") !== undefined) throw refused(product.says.groups);
  if (id === undefined) throw refused("missing 'userid' parameter");
  if (parameters.flag("delete")) {
    store.acl.remove((line) => line.path === at && line.id === id && line.role === role);
  } else {
    if (store.users.get(id) === undefined)
      throw refused(isToken(id) ? product.says.noToken : "no such user.");
    if (!product.aclPath.test(at)) throw refused(`invalid acl path '${at}'.`);
    store.acl.set({ path: at, id, role, propagate: parameters.flag("propagate") ?? true });
  }
  store.save();
  return nothing;
}

function permissions({ node, caller, parameters }: Call) {
  const id = parameters.text("auth-id") ?? caller;
  const mayAsk = id === caller || has(node, caller, "/access", node.product.privileges.readUser);
  if (!mayAsk && !(isToken(id) && userOfToken(id) === caller)) {
    throw refused(`not allowed to list permissions of ${id}`);
  }
  const at = parameters.text("path");
  const paths = at === undefined ? pathsWithEntries(node) : [at];
  const held = paths.map((one) => [one, Object.fromEntries(privilegesOf(node, id, one))] as const);
  return { data: Object.fromEntries(held.filter(([, privileges]) => Object.keys(privileges).length > 0)) };
}
