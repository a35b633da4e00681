import type { AccessGroup } from "../access/groups";
import type { SsoOptions } from "./ssoOptions";

/** Single sign-on for one Proxmox, with all that follows from what the user says of it. */
export interface Sso {
  /** Of the component: it starts the names of all resources. */
  readonly name: string;
  /** What the user says; resources take their further options from it. */
  readonly options: SsoOptions;
  /** Origins at which people open Proxmox, as the redirect URIs. */
  readonly addresses: readonly string[];
  /** How this program reaches Proxmox's API. */
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
  /** The application's name, where it is plain text. */
  readonly title: string;
  readonly issuerUrl: string;
  readonly groups: readonly AccessGroup[];
  /** The claim by which Proxmox learns a user's groups, where `access` has such. */
  readonly groupsClaim: string | undefined;
  readonly allowEveryone: boolean;
  readonly exclusiveAccess: boolean;
  readonly roles: Readonly<Record<string, string[]>>;
  /** Names and texts of objects on the servers. */
  readonly names: {
    readonly signing: string;
    readonly claim: string;
    readonly closed: string;
    readonly realmComment: string;
  };
}

/** What single sign-on needs to know of an authentik. */
export interface AuthentikFacts {
  /** As people open it. */
  readonly origin: string;
  /** As this program reaches it. */
  readonly apiUrl: string;
  /** As far as the user tells it. */
  readonly version?: string | undefined;
}

/** An authentik, with all that follows from what the user says of it. */
export interface Authentik extends AuthentikFacts {
  /** The connection of this program to its API. */
  readonly connection: {
    url: string;
    tokenConfigKey: string;
    caCertificate?: string;
    fingerprint?: string;
  };
  /** PEM of the CA of the certificate that people and nodes see, unless it is a public one. */
  readonly caCertificate: string | undefined;
}
