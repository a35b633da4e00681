import { Failure, internalError } from "../errors";
import type { Call, Method } from "../http/method";
import { inRandomOrder } from "../http/random-order";
import type { Node } from "../node";
import {
  digestOf,
  formatDomains,
  parseDomains,
  type Realm,
  type RealmOptions,
  requiredOptionsOf,
} from "../state/domains-config";
import { optional, optionNameList, realmParameter, splitList, text } from "./formats";
import { allowsOption, booleanOptions, changeableOptions, creationOptions } from "./realm-options";

const mayChange = ({ permissions, caller }: Call) =>
  permissions.require(caller.subject, "/access/realm", "Realm.Allocate");

export const domainMethods: Method[] = [
  { verb: "GET", path: "/access/domains", parameters: {}, isPublic: true, run: listDomains },
  {
    verb: "POST",
    path: "/access/domains",
    parameters: {
      realm: realmParameter,
      type: { type: "string", enumeration: ["ad", "ldap", "openid", "pam", "pve"] },
      ...creationOptions,
    },
    failure: "add auth server failed",
    authorize: mayChange,
    run: createDomain,
  },
  {
    verb: "GET",
    path: "/access/domains/{realm}",
    parameters: { realm: realmParameter },
    authorize: ({ permissions, caller }) =>
      permissions.require(caller.subject, "/access/realm", "Realm.Allocate", "Sys.Audit"),
    run: readDomain,
  },
  {
    verb: "PUT",
    path: "/access/domains/{realm}",
    parameters: {
      realm: realmParameter,
      ...changeableOptions,
      delete: optional({ ...optionNameList, maxLength: 4096 }),
      digest: optional(text(64)),
    },
    failure: "update auth server failed",
    authorize: mayChange,
    run: updateDomain,
  },
  {
    verb: "DELETE",
    path: "/access/domains/{realm}",
    parameters: { realm: realmParameter },
    failure: "delete auth server failed",
    authorize: mayChange,
    run: deleteDomain,
  },
  {
    verb: "POST",
    path: "/access/domains/{realm}/sync",
    parameters: { realm: realmParameter },
    authorize: mayChange,
    run: syncDomain,
  },
];

/** A realm that exists and is not broken. */
export function findRealm(node: Node, name: string): Realm | undefined {
  const realm = parseDomains(node.store.config.domainsCfg).get(name);
  return realm?.type === undefined ? undefined : realm;
}

function save(node: Node, realms: Map<string, Realm>): void {
  node.store.config.domainsCfg = formatDomains(realms);
  node.store.save();
}

function listDomains({ node }: Call) {
  const realms = [...parseDomains(node.store.config.domainsCfg).values()];
  return inRandomOrder(
    realms.map(({ name, type, options }) => ({
      realm: name,
      type: type ?? null,
      ...(options.comment === undefined ? {} : { comment: options.comment }),
      ...(options.default === "1" ? { default: 1 } : {}),
    })),
  );
}

function readDomain({ node, parameters }: Call) {
  const realm = findRealm(node, parameters.realm ?? "");
  if (realm === undefined) throw internalError(`domain '${parameters.realm}' does not exist`);
  const options = Object.entries(realm.options).map(([name, value]) => [
    name,
    booleanOptions.has(name) ? Number(value) : value,
  ]);
  return {
    ...Object.fromEntries(options),
    type: realm.type,
    digest: digestOf(node.store.config.domainsCfg),
    ...(realm.type === "pam" ? { plugin: "PVE::Auth::PAM" } : {}),
  };
}

function createDomain({ node, parameters }: Call) {
  const { realm: name = "", type = "", ...given } = parameters;
  const realms = parseDomains(node.store.config.domainsCfg);
  if (realms.get(name)?.type !== undefined) throw new Failure(`domain '${name}' already exists`);
  if (type === "pam" || type === "pve") throw new Failure(`unable to create builtin type '${type}'`);
  const options = checkOptions(type, given);
  for (const option of requiredOptionsOf(type)) {
    if (options[option] === undefined) throw new Failure(`missing value for required option '${option}'`);
  }
  if (options.default === "1") clearDefault(realms);
  realms.set(name, { name, type, options });
  save(node, realms);
}

function updateDomain({ node, parameters }: Call) {
  const { realm: name = "", delete: deleted = "", digest = "", ...given } = parameters;
  if (digest !== "" && digest !== digestOf(node.store.config.domainsCfg)) {
    throw new Failure("detected modified configuration - file changed by other user? Try again.");
  }
  if (deleted === "" && Object.keys(given).length === 0) throw new Failure("no options specified");
  const realms = parseDomains(node.store.config.domainsCfg);
  const realm = realms.get(name);
  if (realm?.type === undefined) throw new Failure(unknownRealm(node, name));
  const options = checkOptions(realm.type, given);
  for (const option of splitList(deleted)) {
    if (!requiredOptionsOf(realm.type).includes(option)) delete realm.options[option];
  }
  if (options.default === "1") clearDefault(realms);
  realm.options = { ...realm.options, ...options };
  save(node, realms);
}

function deleteDomain({ node, parameters }: Call) {
  const { realm: name = "" } = parameters;
  const realms = parseDomains(node.store.config.domainsCfg);
  if (realms.get(name)?.type === undefined) {
    throw new Failure(`authentication domain '${name}' does not exist`);
  }
  realms.delete(name);
  save(node, realms);
}

function syncDomain({ node, parameters }: Call) {
  const type = findRealm(node, parameters.realm ?? "")?.type;
  throw new Failure(`Cannot sync realm type '${type ?? ""}'! Only LDAP/AD realms can be synced.`);
}

/** The given options in their stored form. As on a real node, a password is accepted and dropped. */
function checkOptions(type: string, given: RealmOptions): RealmOptions {
  const { password: _, "check-connection": checkConnection, ...options } = given;
  if (checkConnection !== undefined) {
    throw new Failure("'check-connection' parameter can only be set for realms of type 'ldap' or 'ad'");
  }
  const unexpected = Object.keys(options).find((option) => !allowsOption(type, option));
  if (unexpected !== undefined) throw new Failure(`unexpected property '${unexpected}'`);
  return options;
}

function clearDefault(realms: Map<string, Realm>): void {
  for (const realm of realms.values()) delete realm.options.default;
}

function unknownRealm(node: Node, name: string): string {
  const line = node.profile.domainsLine;
  return line === undefined
    ? `domain '${name}' does not exist`
    : `cannot lookup undefined type! at /usr/share/perl5/PVE/API2/Domains.pm line ${line}.`;
}
