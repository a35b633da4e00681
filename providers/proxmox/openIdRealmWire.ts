import type { OpenIdRealmInputs } from "./openIdRealm";
import { type Parameters, parametersOf, type Stored } from "./options";

const texts = {
  issuerUrl: "issuer-url",
  clientId: "client-id",
  clientKey: "client-key",
  comment: "comment",
  scopes: "scopes",
  prompt: "prompt",
  acrValues: "acr-values",
  groupsClaim: "groups-claim",
  audiences: "audiences",
} as const;

/** Flags that Proxmox omits from its answer if they are off. */
const flags = { autocreate: "autocreate", default: "default" } as const;

const optionalFlags = {
  groupsAutocreate: "groups-autocreate",
  groupsOverwrite: "groups-overwrite",
  queryUserinfo: "query-userinfo",
} as const;

type NoOption =
  | "proxmox"
  | "realm"
  | "usernameClaim"
  | "usersOnDelete"
  | "clientProvesOwnership"
  | "clientIdProvesOwnership"
  | "adopt";

/** Options that the API can change, by their names in the API. */
export const options = { ...texts, ...flags, ...optionalFlags } satisfies Record<
  Exclude<keyof OpenIdRealmInputs, NoOption>,
  string
>;

/** A realm of type openid in answers of `GET /access/domains/{realm}`. Unset options are missing. */
export type Realm = {
  type: string;
  digest: string;
  "username-claim"?: string;
} & Stored<typeof texts, string> &
  Stored<typeof flags & typeof optionalFlags, 0 | 1>;

/** The server's values as inputs. */
export function observe(realm: Realm, state: OpenIdRealmInputs): Partial<OpenIdRealmInputs> {
  const observed: Record<string, unknown> = { usernameClaim: realm["username-claim"] ?? "subject" };
  for (const [key, name] of Object.entries(options)) observed[key] = value(key, realm[name]);
  // The secret is visible only with Realm.Allocate or Sys.Audit. A hidden secret is no drift.
  if (realm["client-key"] === undefined) observed.clientKey = state.clientKey;
  return observed;
}

function value(key: string, stored: string | 0 | 1 | undefined): unknown {
  if (key in flags) return stored === 1;
  if (key in optionalFlags) return stored === undefined ? undefined : stored === 1;
  return stored;
}

export function parameters(wanted: OpenIdRealmInputs, keys: readonly string[]): Parameters {
  return parametersOf(options, wanted, keys);
}
