import type { OpenIdRealmInputs } from "./openIdRealm";
import { type Parameters, parametersOf } from "./options";
import type { Realm } from "./wire";

type Option = Exclude<
  keyof OpenIdRealmInputs,
  | "proxmox"
  | "realm"
  | "usernameClaim"
  | "usersOnDelete"
  | "clientProvesOwnership"
  | "clientIdProvesOwnership"
  | "adopt"
>;

/** Options that the API can change, by their names in the API. */
export const options = {
  issuerUrl: "issuer-url",
  clientId: "client-id",
  clientKey: "client-key",
  autocreate: "autocreate",
  default: "default",
  comment: "comment",
  scopes: "scopes",
  prompt: "prompt",
  acrValues: "acr-values",
  groupsClaim: "groups-claim",
  groupsAutocreate: "groups-autocreate",
  groupsOverwrite: "groups-overwrite",
  queryUserinfo: "query-userinfo",
  audiences: "audiences",
} as const satisfies Record<Option, keyof Realm>;

/** Flags that Proxmox omits from its answer if they are off. */
const flags: ReadonlySet<string> = new Set<Option>(["autocreate", "default"]);
const optionalFlags: ReadonlySet<string> = new Set<Option>([
  "groupsAutocreate",
  "groupsOverwrite",
  "queryUserinfo",
]);

/** The server's values as inputs. */
export function observe(realm: Realm, state: OpenIdRealmInputs): Partial<OpenIdRealmInputs> {
  const observed: Record<string, unknown> = { usernameClaim: realm["username-claim"] ?? "subject" };
  for (const [key, name] of Object.entries(options)) observed[key] = value(key, realm[name]);
  // The secret is visible only with Realm.Allocate or Sys.Audit. A hidden secret is no drift.
  if (realm["client-key"] === undefined) observed.clientKey = state.clientKey;
  return observed;
}

function value(key: string, stored: string | 0 | 1 | undefined): unknown {
  if (flags.has(key)) return stored === 1;
  if (optionalFlags.has(key)) return stored === undefined ? undefined : stored === 1;
  return stored;
}

export function parameters(wanted: OpenIdRealmInputs, keys: readonly string[]): Parameters {
  return parametersOf(options, wanted, keys);
}
