import { isGroupName } from "../access/formats";
import { joinGroup, leaveAllGroups } from "../access/membership";
import type { Realm } from "../state/domains-config";
import type { Store } from "../state/store";
import type { Claims } from "./id-token";

/** Sets the groups of a user who has just logged in, according to the realm's groups claim. */
export function applyGroupsClaim(store: Store, realm: Realm, userid: string, claims: Claims): void {
  const claim = realm.options["groups-claim"];
  if (claim === undefined) return;
  const names = claims[claim];
  if (names === undefined || names === null) {
    store.log("err", `openid groups claim '${claim}' is not found in claims`);
  } else if (Array.isArray(names)) {
    updateGroups(store, realm, userid, validNames(store, names.map(String)));
  } else {
    store.log("err", "openid groups list is not an array; groups will not be updated");
  }
}

function validNames(store: Store, names: string[]): string[] {
  for (const name of names.filter((name) => !isGroupName(name))) {
    store.log("warning", `openid group '${name}' contains invalid characters`);
  }
  return names.filter(isGroupName);
}

function updateGroups(store: Store, realm: Realm, userid: string, names: string[]): void {
  const { config } = store;
  const wanted = [...new Set(names.map((name) => `${name}-${realm.name}`))].sort();
  const missing = wanted.filter((name) => config.groups[name] === undefined);
  if (realm.options["groups-autocreate"] === "1" && missing.length > 0) {
    for (const name of missing) config.groups[name] = { members: [] };
    store.log("info", `groups created automatically from openid claim: ${missing.join(", ")}`);
  }
  if (realm.options["groups-overwrite"] === "1") {
    leaveAllGroups(config, userid);
    store.log("info", `openid overwrite groups enabled; user '${userid}' removed from all groups`);
  }
  const existing = wanted.filter((name) => config.groups[name] !== undefined);
  if (existing.length === 0) return;
  for (const name of existing) joinGroup(config, name, userid);
  store.log("info", `openid user '${userid}' added to groups: ${existing.join(", ")}`);
}
