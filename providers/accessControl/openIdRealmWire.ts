import { type Parameters, parametersOf, type Stored } from "../proxmox/options";
import type { RealmInputs } from "./openIdRealm";

const texts = {
  issuerUrl: "issuer-url",
  clientId: "client-id",
  clientKey: "client-key",
  comment: "comment",
  scopes: "scopes",
  prompt: "prompt",
  acrValues: "acr-values",
  audiences: "audiences",
} as const;

const flags = { autocreate: "autocreate", default: "default" } as const;

/** Options that the API can change, by their names in the API. */
export const options = { ...texts, ...flags } satisfies Partial<Record<keyof RealmInputs, string>>;

/** A realm in answers of `GET /config/access/openid/{realm}`. Unset options are missing. */
export type Realm = {
  /** The address gives only realms of type openid. For another one, the client takes the type from the error. */
  readonly type: string;
  /** Digest of all realms. */
  readonly digest?: string;
  readonly "username-claim"?: string;
} & Stored<typeof texts, string> &
  Stored<typeof flags, boolean>;

/** The server's values as inputs. Flags that are off may be missing. */
export function observe(realm: Realm, _state: unknown): Partial<RealmInputs> {
  const observed: Record<string, unknown> = { usernameClaim: realm["username-claim"] ?? "sub" };
  for (const [key, name] of Object.entries(options)) {
    // An empty option is stored as missing.
    observed[key] = key in flags ? realm[name] === true : realm[name] || undefined;
  }
  return observed;
}

/** A PUT without `default` clears it, even if it changes something else (recorded). */
export function parameters(wanted: RealmInputs, keys: readonly string[]): Parameters {
  return { ...parametersOf(options, wanted, keys), default: wanted.default || undefined };
}
