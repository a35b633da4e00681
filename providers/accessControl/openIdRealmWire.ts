import type { RealmInputs } from "./openIdRealm";
import type { Parameters, Realm } from "./wire";

/** Options that the API can change, by their names in the API. */
const options = {
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
export const optionNames: readonly string[] = Object.keys(options);

/** The server's values as inputs. Flags that are off may be missing. */
export function observe(realm: Realm, _state: unknown): Partial<RealmInputs> {
  const observed: Record<string, unknown> = { usernameClaim: realm["username-claim"] ?? "sub" };
  for (const [key, name] of Object.entries(options)) {
    // An empty option is stored as missing.
    observed[key] = flags.has(key) ? realm[name] === true : realm[name] || undefined;
  }
  return observed;
}

/**
 * The API's parameters for these inputs. A PUT without `default` clears it, even if it changes something else
 * (recorded).
 */
export function parameters(wanted: RealmInputs, keys: readonly string[]): Parameters {
  const chosen = Object.entries(options).filter(([key]) => keys.includes(key) && key !== "default");
  return {
    ...Object.fromEntries(chosen.map(([key, name]) => [name, wanted[key as Option]])),
    default: wanted.default || undefined,
  };
}

/** Options on the server that the inputs no longer set. The API deletes options by name. */
export function removed(wanted: RealmInputs, keys: readonly string[], before: Realm): string[] {
  return Object.entries(options)
    .filter(
      ([key, name]) =>
        keys.includes(key) && wanted[key as Option] === undefined && before[name] !== undefined,
    )
    .map(([, name]) => name);
}
