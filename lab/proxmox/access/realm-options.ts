import type { Property, Schema } from "../http/schema";
import { behaviourSince, realmOptionSince } from "../versions";
import { boolean, text } from "./formats";

const unsafeForLists = /^[^\p{Cc} <>#"]*$/u;

/** Options of an OpenID realm that can be set and changed. */
const changeable: Schema = {
  "issuer-url": text(256),
  "client-id": text(256),
  "client-key": text(256),
  autocreate: boolean,
  prompt: { type: "string", pattern: /^\S+$/ },
  scopes: text(),
  "acr-values": { type: "string", pattern: unsafeForLists, patternSince: behaviourSince.acrValuesPattern },
  audiences: { type: "string", pattern: unsafeForLists },
  "groups-claim": { type: "string", maxLength: 256, pattern: /^[A-Za-z0-9.\-_]+$/ },
  "groups-autocreate": boolean,
  "groups-overwrite": boolean,
  "query-userinfo": boolean,
  default: boolean,
  comment: text(4096),
};

/** Options of other realm types. An OpenID realm refuses them by name. */
const ofOtherTypes: Schema = {
  tfa: text(128),
  server1: text(256),
  password: text(),
  "check-connection": boolean,
};

export const changeableOptions: Schema = withVersions({ ...changeable, ...ofOtherTypes });
export const creationOptions: Schema = {
  ...changeableOptions,
  "username-claim": { type: "string", optional: true },
};

const openidOptions = new Set([...Object.keys(changeable), "username-claim"]);
const builtInOptions = new Set(["comment", "default"]);

export const booleanOptions = new Set(
  Object.entries(changeable).flatMap(([name, property]) => (property.type === "boolean" ? [name] : [])),
);

export function allowsOption(realmType: string, option: string): boolean {
  return (realmType === "openid" ? openidOptions : builtInOptions).has(option);
}

function withVersions(schema: Schema): Schema {
  const entries = Object.entries(schema).map(([name, property]): [string, Property] => {
    const since = realmOptionSince[name];
    return [name, { ...property, optional: true, ...(since === undefined ? {} : { since }) }];
  });
  return Object.fromEntries(entries);
}
