import type { OtherProduct } from "../../providers/accessControl/products";
import type { AccessGroup } from "../access/groups";
import type { SsoOptions } from "./ssoOptions";
import type { Swarm } from "./swarm";

/** Single sign-on for one Proxmox: the options and everything derived from them. */
export interface Sso {
  /** The component's name, which is the prefix of all resource names. */
  readonly name: string;
  /** The options. Resources take the rest of their inputs from them. */
  readonly options: SsoOptions;
  /** The product, if it is not Proxmox VE. */
  readonly product: OtherProduct | undefined;
  /** Origins at which people open Proxmox, as the redirect URIs. */
  readonly addresses: readonly string[];
  /** The connection of this program to Proxmox's API. */
  readonly connection: {
    url: string;
    caCertificate?: string;
    fingerprint?: string;
    tokenConfigKey?: string;
    login?: { username: string; passwordConfigKey?: string };
  };
  /** The realm's name. */
  readonly realm: string;
  readonly usernameClaim: string;
  readonly slug: string;
  /** The application's name, if it is plain text. */
  readonly title: string;
  readonly issuerUrl: string;
  readonly groups: readonly AccessGroup[];
  /** The groups claim. Undefined if `access` does not need it. */
  readonly groupsClaim: string | undefined;
  readonly allowEveryone: boolean;
  readonly exclusiveAccess: boolean;
  readonly roles: Readonly<Record<string, string[]>>;
  /** Names and texts of the objects on the servers. */
  readonly names: {
    readonly signing: string;
    readonly claim: string;
    readonly closed: string;
    readonly realmComment: string;
  };
}

/** What single sign-on needs to know about an authentik. */
export interface AuthentikFacts {
  /** The address where people open it. */
  readonly origin: string;
  /** The address where this program reaches it. */
  readonly apiUrl: string;
  /** The version, if the options set it. */
  readonly version?: string | undefined;
}

/** An authentik: its options and everything derived from them. */
export interface Authentik extends AuthentikFacts {
  /** The connection of this program to its API. */
  readonly connection: {
    url: string;
    tokenConfigKey: string;
    caCertificate?: string;
    fingerprint?: string;
  };
  /** PEM of the CA that signed the certificate which people and nodes see, unless it is a public one. */
  readonly caCertificate: string | undefined;
  /** The options of the Docker Swarm that runs it. Undefined for one Docker host, or an existing authentik. */
  readonly swarm?: Swarm | undefined;
}
