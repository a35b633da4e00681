import { resolvedOrRefused } from "../../components/model/mistakes";
import type { Sso } from "../../components/model/resolved";
import { resolveSso } from "../../components/model/sso";
import type { SsoOptions } from "../../components/model/ssoOptions";
import { clustersOf, topName } from "../../config/clusters";
import { configKey, configSchema, type StackConfig } from "../../config/schema";
import { resolveAuthentik } from "../../config/stack";
import type { AccessControlClient } from "../../providers/accessControl/client";
import { accessControlConnection, connectAccessControl } from "../../providers/accessControl/connection";
import { type OtherProduct, otherProducts } from "../../providers/accessControl/products";
import type { AuthentikClient } from "../../providers/authentik/client";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { UserError } from "../../providers/core/errors";
import { connectProxmox, proxmoxConnection } from "../../providers/proxmox/connection";
import { project } from "../paths";
import { credentialsIn } from "../stack/state";
import { asProxmoxVe, type RealmReader } from "./other-product";

/** The config keys that describe the servers. The others describe single sign-on. */
const serverKeys = [
  "authentikUrl",
  "deployAuthentik",
  "authentikApiUrl",
  "authentikCaCertificate",
  "authentikFingerprint",
  "proxmoxAddresses",
  "proxmoxApiUrl",
  "proxmoxCa",
  "proxmoxFingerprint",
  "proxmoxUsername",
  "clusters",
] as const satisfies readonly (keyof StackConfig)[];

export interface Servers {
  readonly authentik: AuthentikClient;
  /** The address where people and Proxmox open authentik. */
  readonly origin: string;
  readonly proxmox: RealmReader;
  /** The server, if it is not Proxmox VE. */
  readonly other?: { readonly product: OtherProduct; readonly client: AccessControlClient };
  /** Origins where people open Proxmox. */
  readonly addresses: readonly string[];
  /** The config key of these. */
  readonly addressesKey: string;
  /** The single sign-on that the program would create with these options. */
  describe(options: Partial<SsoOptions>): Sso;
}

/**
 * @param name an entry of `clusters`; if omitted, the Proxmox of the top-level keys
 * @param loggedIn client of a logged-in administrator; if omitted, the token in the config is used
 */
export function serversIn(
  values: Readonly<Record<string, string | undefined>>,
  name?: string,
  loggedIn?: AuthentikClient,
): Servers {
  const given = serverKeys.map((key) => [key, values[`${project}:${configKey(key)}`]]);
  const { data: config, error } = configSchema.safeParse(Object.fromEntries(given));
  if (config === undefined) {
    throw new UserError(error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("\n"));
  }
  const options = proxmoxIn(config, name);
  if (config.authentikUrl === undefined || config.deployAuthentik || options === undefined) {
    throw new UserError(
      "The stack's config must describe both servers first: set authentikUrl, deployAuthentik (false) and proxmoxAddresses, and " +
        "both tokens: steps 1 and 2b of docs/your-servers.md. `npm run init` asks for them.",
    );
  }
  const server = resolvedOrRefused(resolveAuthentik(config));
  const describe = (others: Partial<SsoOptions>) =>
    resolvedOrRefused(resolveSso(name ?? topName, { ...others, ...options, allowEveryone: true }, server));
  const { connection, addresses, product } = describe({});
  const credentials = credentialsIn(values);
  const client =
    product &&
    connectAccessControl(otherProducts[product], accessControlConnection.parse(connection), credentials);
  return {
    authentik: loggedIn ?? connectAuthentik(authentikConnection.parse(server.connection), credentials),
    origin: server.origin,
    proxmox: client ? asProxmoxVe(client) : connectProxmox(proxmoxConnection.parse(connection), credentials),
    ...(product && client && { other: { product, client } }),
    addresses,
    addressesKey: name === undefined ? "proxmoxAddresses" : `clusters.${name}.addresses`,
    describe,
  };
}

/** The connection to a Proxmox. Undefined if the config does not contain it. */
function proxmoxIn(config: StackConfig, name = topName): { proxmox: unknown } | undefined {
  const clusters = clustersOf(config);
  const cluster = clusters.find((one) => one.name === name);
  const names = Object.keys(config.clusters);
  if (cluster === undefined && name === topName) {
    throw new UserError(`The stack has only \`clusters\`. Select one: --cluster ${names.join(" or ")}`);
  }
  if (cluster === undefined) {
    throw new UserError(
      `The stack has no cluster "${name}" (it has: ${names.join(", ") || "none"}). Set its address first: ` +
        `pulumi config set --path 'clusters.${name}.addresses[0]' https://…`,
    );
  }
  const { proxmox } = Object(cluster.options);
  return proxmox?.addresses?.length > 0 ? { proxmox } : undefined;
}
