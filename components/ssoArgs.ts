import type * as pulumi from "@pulumi/pulumi";
import type { ApplicationArgs } from "../providers/authentik/application";
import type { CertificateArgs } from "../providers/authentik/certificate";
import type { OAuth2ProviderArgs } from "../providers/authentik/oauth2Provider";
import type { OpenIdRealmArgs } from "../providers/proxmox/openIdRealm";
import type { Access } from "./access/declaration";
import type { AuthentikServer } from "./authentikServer";

export interface ProxmoxAuthentikSsoArgs {
  /** The authentik to use: an `AuthentikStack`, or `existingAuthentik({ … })`. */
  authentik: AuthentikServer;
  /** The node or cluster. */
  proxmox: {
    /** Base URL of the API. @default the first of `addresses` */
    apiUrl?: string;
    /** Its version, e.g. `9.2`: options that it lacks are then refused at preview already. */
    version?: string | undefined;
    /** Where people log in: one for each node, virtual IP or proxy, e.g. `https://pve1.example.com:8006`. */
    addresses: string[];
    /**
     * Further addresses, discovered: one for each node of the cluster, such as `https://{node}.example.com:8006`, with
     * `{node}` for its name or `{ip}` for its address. A node that joins later is found by a refresh.
     */
    nodeAddress?: string | undefined;
    /** PEM of the CA of the API's certificate, where it is not a public one (`/etc/pve/pve-root-ca.pem`). */
    caCertificate?: string;
    /** SHA-256 fingerprint of the API's certificate, instead of a CA. */
    fingerprint?: string;
    /** The stack config key (a secret) with the API token. @default proxmoxToken */
    tokenConfigKey?: string;
    /** Log in as this user (`name@realm`) instead of with an API token. */
    login?: {
      /** `name@realm`, e.g. `root@pam`. */
      username: string;
      /** The stack config key (a secret) with the password. @default proxmoxPassword */
      passwordConfigKey?: string;
    };
  };
  /** The realm on Proxmox. */
  realm?: Partial<
    Omit<OpenIdRealmArgs, "proxmox" | "realm" | "issuerUrl" | "clientId" | "clientKey" | "usernameClaim">
  > & {
    /** The part after `@` in its users' names. @default authentik */
    name?: string;
    /** The claim that becomes the user name. @default username */
    usernameClaim?: string;
  };
  /** The application in authentik; its name is `Proxmox VE` unless another is given. */
  application?: Partial<Omit<ApplicationArgs, "authentik" | "slug" | "provider">> & {
    /** Part of the issuer. @default proxmox */
    slug?: string;
  };
  /** The OAuth2 provider in authentik. */
  provider?: Partial<
    Omit<OAuth2ProviderArgs, "authentik" | "clientId" | "clientSecret" | "redirectUris" | "signingKey">
  >;
  /** The certificate that signs ID tokens. */
  certificate?: Partial<
    Pick<CertificateArgs, "name" | "keySize" | "validityDays" | "renewBeforeDays" | "ownPair">
  >;
  /** A client ID to use instead of a random one, as with a set-up made by hand. */
  clientId?: string;
  /** A client secret to use instead of a random one. */
  clientSecret?: pulumi.Input<string>;
  /**
   * Who may log in and what they may do: from groups of authentik to roles by ACL path. Groups that do not exist are
   * made; those that do are used as they are. Nobody else can log in, unless `allowEveryone` says so. See docs/access.md.
   */
  access?: Access;
  /** Roles of one's own for `access`: lists of privileges by name. */
  roles?: Record<string, string[]>;
  /** Everybody with an account in authentik may log in to Proxmox. Has to be said, so that nobody does it by accident. @default false */
  allowEveryone?: boolean;
  /**
   * Whether the application's bindings, and the permissions of the groups on Proxmox, are those of `access` and no others: what
   * somebody adds by hand is shown by a refresh and removed by an `up`. @default true
   */
  exclusiveAccess?: boolean | undefined;
  /** A user of authentik who logs in at the end of an `up`, to prove that it works. */
  testUser?: {
    /** As authentik knows the user, who must need no second factor. */
    username: string;
    /** The stack config key (a secret) with the password. */
    passwordConfigKey: string;
  };
  /** Bring certificate, provider, application and realm of these names under this stack where they exist already. @default false */
  adopt?: boolean;
  /**
   * Refuse, at preview, what is fit for a lab only: authentik or its API without TLS, addresses that only this machine can
   * open, redirect URIs that are patterns, and `allowEveryone`. @default false
   */
  production?: boolean;
}
