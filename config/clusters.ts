import { grantsOn } from "../components/access/groups";
import { applicationOf, defaults } from "../components/model/defaults";
import { former, inFormerName, inTodaysNames } from "../components/model/ssoOptions";
import { isOtherProduct, type OtherProduct, otherProducts } from "../providers/accessControl/products";
import type { StackConfig } from "./schema";

/** Name of the component for the Proxmox of the top-level keys. */
export const topName = "sso";

/** The places where the config can set an option of one Proxmox. */
interface Place {
  /** The path in the component's arguments. */
  readonly path: string;
  /** The top-level config key. Undefined if only an entry of `clusters` can set the option. */
  readonly top?: keyof StackConfig;
  /** The short name in an entry of `clusters`. An entry can also use the path. */
  readonly entry?: string;
  /** Whether an entry without the option uses the value of the top-level key. */
  readonly inherits?: boolean;
  /** Whether the top-level value is also for an entry of another product. By default it is. */
  isFor?(config: StackConfig, product: OtherProduct): boolean;
}

const onlyVe = () => false;

const places: readonly Place[] = [
  { path: "proxmox.product", entry: "product" },
  { path: "proxmox.addresses", top: "proxmoxAddresses", entry: "addresses" },
  { path: "proxmox.nodeAddress", top: "proxmoxNodeAddress", entry: "nodeAddress" },
  { path: "proxmox.apiUrl", top: "proxmoxApiUrl", entry: "apiUrl" },
  { path: "proxmox.caCertificate", top: "proxmoxCa", entry: "ca" },
  { path: "proxmox.fingerprint", top: "proxmoxFingerprint", entry: "fingerprint" },
  { path: "proxmox.version", top: "proxmoxVersion", entry: "version", inherits: true, isFor: onlyVe },
  { path: "proxmox.login.username", top: "proxmoxUsername", entry: "username" },
  { path: "realm.name", top: "realm", entry: "realm", inherits: true },
  { path: "realm.default", top: "realmDefault", entry: "realmDefault" },
  { path: "realm.usernameClaim", top: "usernameClaim", entry: "usernameClaim", inherits: true },
  { path: "realm.autocreate", top: "autocreate", entry: "autocreate", inherits: true },
  { path: "realm.usersOnDelete", top: "usersOnDelete", entry: "usersOnDelete", inherits: true },
  { path: "application.name", top: "applicationName", entry: "applicationName" },
  { path: "application.slug", top: "applicationSlug", entry: "applicationSlug" },
  {
    path: "oauth2.authorizationFlow",
    top: "authorizationFlow",
    entry: "authorizationFlow",
    inherits: true,
  },
  { path: "oauth2.invalidationFlow", top: "invalidationFlow", entry: "invalidationFlow", inherits: true },
  { path: "clientId", top: "clientId", entry: "clientId" },
  { path: "clientSecret", top: "clientSecret", entry: "clientSecret" },
  {
    path: "access",
    top: "access",
    entry: "access",
    inherits: true,
    isFor: ({ access }, product) => grantsOn(access, product),
  },
  { path: "roles", top: "roles", entry: "roles", inherits: true, isFor: onlyVe },
  { path: "allowEveryone", top: "allowEveryone", entry: "allowEveryone" },
  { path: "exclusiveAccess", top: "exclusiveAccess", entry: "exclusiveAccess", inherits: true },
  { path: "certificate.keySize", top: "signingKeySize", inherits: true },
  { path: "certificate.validityDays", top: "signingValidityDays", inherits: true },
  { path: "certificate.renewBeforeDays", top: "signingRenewBeforeDays", inherits: true },
  { path: "testUser.username", top: "testUsername", inherits: true },
  { path: "adopt", top: "adopt", inherits: true },
  { path: "production", top: "production", inherits: true },
];

/** Argument groups that an entry of `clusters` can contain. */
const argumentGroups = ["proxmox", "realm", "application", "oauth2", former.name, "certificate"];

type Entry = Readonly<Record<string, unknown>>;

/** One Proxmox (node or cluster): its config as arguments of the component. */
export interface Cluster {
  /** Name of the component. It is part of every resource's name and must not change. */
  readonly name: string;
  readonly options: unknown;
  /** The stack config keys of the credentials. */
  readonly tokenKey: string;
  readonly passwordKey: string;
  /** Unknown options in an entry of `clusters`. */
  readonly unknown: readonly string[];
  /** The config key of an argument. */
  key(path: string): string;
}

/** The clusters of a config: the default cluster, if configured, and each entry of `clusters`. */
export function clustersOf(config: StackConfig): Cluster[] {
  const others = Object.entries(config.clusters).map(([name, entry]) => oneOfSeveral(config, name, entry));
  return config.proxmoxAddresses.length > 0 || others.length === 0 ? [atTheTop(config), ...others] : others;
}

function atTheTop(config: StackConfig): Cluster {
  const { proxmoxToken: tokenKey, proxmoxPassword: passwordKey } = defaults.keys;
  const values = places.map(({ path, top }) => [path, top && config[top]] as const);
  return {
    name: topName,
    options: completed(config, optionsFrom({}, values), { tokenKey, passwordKey }),
    tokenKey,
    passwordKey,
    unknown: [],
    key: (path) => placeOf(path)?.top ?? path,
  };
}

function oneOfSeveral(config: StackConfig, name: string, entry: Entry): Cluster {
  const nested = asArguments(entry);
  const own = ({ entry: option }: Place) =>
    option === undefined || option in nested ? undefined : given(entry[option]);
  const product = given(entry.product) ?? at(nested, "proxmox.product");
  const other = isOtherProduct(product) ? product : undefined;
  const application = applicationOf(name, other && otherProducts[other].name);
  const inherited = ({ inherits, isFor }: Place) =>
    inherits && (other === undefined || isFor === undefined || isFor(config, other));
  // An entry with `access` does not inherit `allowEveryone`.
  const allowEveryone = given(entry.access) === undefined && config.allowEveryone;
  const options = optionsFrom({ application, ...nested, allowEveryone }, [
    ...places
      .filter((place) => inherited(place) && at(nested, place.path) === undefined)
      .map(({ path, top }) => [path, top && config[top]] as const),
    ...places.map((place) => [place.path, own(place)] as const),
  ]);
  const keys = credentialKeysOf(name);
  const known = new Set([...argumentGroups, ...places.map((place) => place.entry)]);
  return {
    name,
    options: completed(config, options, keys),
    ...keys,
    unknown: Object.keys(entry).filter((option) => !known.has(option)),
    key(path) {
      const place = placeOf(path);
      if (place === undefined || at(nested, path) !== undefined)
        return `clusters.${name}.${former.name in entry ? inFormerName(path) : path}`;
      const isInherited = place.entry === undefined || (inherited(place) && own(place) === undefined);
      return isInherited ? (place.top ?? path) : `clusters.${name}.${place.entry}`;
    },
  };
}

/** Converts an entry's short names to the component's arguments. */
function asArguments(entry: Entry): Entry {
  const isGroup = ([option, value]: [string, unknown]) =>
    argumentGroups.includes(option) && typeof value === "object";
  return Object(inTodaysNames(Object.fromEntries(Object.entries(entry).filter(isGroup))));
}

/** Adds values that depend on several config keys. */
function completed(
  { signingCertificatePath, signingKeyPath, testUsername }: StackConfig,
  options: Entry,
  { tokenKey, passwordKey }: { tokenKey: string; passwordKey: string },
): Entry {
  const login = at(options, "proxmox.login.username");
  return optionsFrom(options, [
    ["proxmox.tokenConfigKey", tokenKey],
    ["proxmox.login.passwordConfigKey", login && passwordKey],
    [
      "certificate.ownPair",
      signingCertificatePath && ownPairOf(signingCertificatePath, signingKeyPath, "signingKey"),
    ],
    ["testUser.passwordConfigKey", testUsername && "testPassword"],
  ]);
}

/** Sets values at paths of the options. An undefined value changes nothing. */
function optionsFrom(options: Entry, values: readonly (readonly [string, unknown])[]): Entry {
  return values.reduce(
    (all, [path, value]) => (value === undefined ? all : set(all, path.split("."), value)),
    options,
  );
}

function set(options: Entry, [step = "", ...further]: readonly string[], value: unknown): Entry {
  if (further.length === 0) return { ...options, [step]: value };
  return { ...options, [step]: set(Object(options[step]), further, value) };
}

function at(options: Entry, path: string): unknown {
  return path.split(".").reduce<unknown>((value, step) => Object(value)[step], options);
}

/** Treats empty text as not set. */
function given(value: unknown): unknown {
  return value === "" ? undefined : value;
}

/** The option that contains the argument. */
function placeOf(path: string): Place | undefined {
  return places.find((place) => path === place.path || path.startsWith(`${place.path}.`));
}

/** The stack config keys of the credentials of one of `clusters`. */
export function credentialKeysOf(name: string): Pick<Cluster, "tokenKey" | "passwordKey"> {
  const { proxmoxToken, proxmoxPassword } = defaults.keys;
  return { tokenKey: `${proxmoxToken}-${name}`, passwordKey: `${proxmoxPassword}-${name}` };
}

export function ownPairOf(
  certificatePath: string,
  privateKeyPath: string | undefined,
  privateKeyConfigKey: string,
) {
  return { certificatePath, ...(privateKeyPath ? { privateKeyPath } : { privateKeyConfigKey }) };
}
