import { type Parameters, parametersOf } from "../proxmox/options";
import type { RealmInputs } from "./openIdRealm";
import type { Realm } from "./wire";

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
  audiences: "audiences",
} as const satisfies Partial<Record<keyof RealmInputs, keyof Realm>>;

type Option = keyof typeof options;

const flags: ReadonlySet<string> = new Set<Option>(["autocreate", "default"]);

/** The server's values as inputs. Flags that are off may be missing. */
export function observe(realm: Realm, _state: unknown): Partial<RealmInputs> {
  const observed: Record<string, unknown> = { usernameClaim: realm["username-claim"] ?? "sub" };
  for (const [key, name] of Object.entries(options)) {
    // An empty option is stored as missing.
    observed[key] = flags.has(key) ? realm[name] === true : realm[name] || undefined;
  }
  return observed;
}

/** A PUT without `default` clears it, even if it changes something else (recorded). */
export function parameters(wanted: RealmInputs, keys: readonly string[]): Parameters {
  return { ...parametersOf(options, wanted, keys), default: wanted.default || undefined };
}
