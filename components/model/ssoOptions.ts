import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type OtherProduct, productNames } from "../../providers/accessControl/products";
import { type ApplicationArgs, applicationDefinition } from "../../providers/authentik/application";
import type { CertificateArgs } from "../../providers/authentik/certificate";
import type { OAuth2ProviderArgs } from "../../providers/authentik/oauth2Provider";
import { clusterNodesDefinition } from "../../providers/proxmox/clusterNodes";
import { userId } from "../../providers/proxmox/names";
import { type OpenIdRealmArgs, openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { sameWhenEncoded } from "../../providers/sso/basicCredential";
import type { Access } from "../access/declaration";
import type { AuthentikServer } from "../authentikServer";
import {
  addresses,
  caPem,
  json,
  optionalFlag,
  proxmoxApiUrl,
  proxmoxVersion,
  serverFingerprint,
  text,
  usersOnDelete,
} from "./forms";
import { ifSet, isOutput, required } from "./inputForms";

export interface ProxmoxAuthentikSsoArgs {
  /** The authentik to use: an `AuthentikStack`, or `existingAuthentik({ … })`. */
  authentik: AuthentikServer;
  /** The node or cluster. */
  proxmox: {
    /**
     * The product: Proxmox VE, Backup Server or Datacenter Manager. The last two have no groups claim: see
     * docs/backup-server.md.
     * @default ve
     */
    product?: "ve" | OtherProduct | undefined;
    /** Base URL of the API. @default the first of `addresses` */
    apiUrl?: string;
    /** Its version, e.g. `9.2`. The preview then refuses options that it lacks. */
    version?: string | undefined;
    /**
     * Addresses at which people log in: one for each node, virtual IP or proxy, e.g. `https://pve1.example.com:8006`.
     */
    addresses: string[];
    /**
     * Pattern for the address of each node of the cluster, such as `https://{node}.example.com:8006`. `{node}` is
     * the node's name, and `{ip}` is its address. A refresh finds nodes that join later.
     */
    nodeAddress?: string | undefined;
    /** PEM of the CA of the API's certificate, unless it is a public one (`/etc/pve/pve-root-ca.pem`). */
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
  /** The application in authentik. Its default name is `Proxmox VE`. */
  application?: Partial<Omit<ApplicationArgs, "authentik" | "slug" | "provider">> & {
    /** Part of the issuer. @default proxmox */
    slug?: string;
  };
  /** The OAuth2 provider in authentik. */
  oauth2?: Partial<
    Omit<OAuth2ProviderArgs, "authentik" | "clientId" | "clientSecret" | "redirectUris" | "signingKey">
  >;
  /**
   * The former name of `oauth2`, which still works.
   * @deprecated Use `oauth2`: `provider` is Pulumi's word for something else.
   */
  provider?: ProxmoxAuthentikSsoArgs["oauth2"];
  /** The certificate that signs ID tokens. */
  certificate?: Partial<
    Pick<CertificateArgs, "name" | "keySize" | "validityDays" | "renewBeforeDays" | "ownPair">
  >;
  /** A client ID to use instead of a random one, for example of an existing setup. */
  clientId?: string;
  /** A client secret to use instead of a random one. */
  clientSecret?: pulumi.Input<string>;
  /**
   * Who may log in and what they may do: groups of authentik with roles by ACL path. Groups that do not exist are
   * created, and existing ones are used unchanged. Nobody else can log in, unless `allowEveryone` is true. See
   * docs/access.md.
   */
  access?: Access;
  /** Custom roles for `access`: lists of privileges by name. */
  roles?: Record<string, string[]>;
  /**
   * Whether everybody with an account in authentik may log in to Proxmox. Off by default, to prevent accidents.
   * @default false
   */
  allowEveryone?: boolean;
  /**
   * Whether `access` defines all bindings of the application and all permissions of the groups on Proxmox. A refresh
   * then shows what somebody adds by hand, and an `up` removes it. @default true
   */
  exclusiveAccess?: boolean | undefined;
  /**
   * A user of authentik for the login at the end of an `up`. Without it, the proof creates and removes its own
   * user.
   */
  testUser?: {
    /** The user name in authentik. The user must have no second factor. */
    username: string;
    /** The stack config key (a secret) with the password. */
    passwordConfigKey: string;
  };
  /** Take over an existing certificate, provider, application and realm of these names. @default false */
  adopt?: boolean;
  /**
   * Refuse settings that only a lab should have. The preview refuses authentik or its API without TLS, addresses
   * that only this machine can open, redirect URIs with patterns, and `allowEveryone`. The proof refuses a
   * superuser as the test user. @default false
   */
  production?: boolean;
}

/** The options of one Proxmox, from a component's arguments or from the stack's config. */
export type SsoOptions = Omit<ProxmoxAuthentikSsoArgs, "authentik" | "provider">;

/** The former name of an option. */
export const former = { name: "provider", now: "oauth2" } as const;

/** The options with former names replaced by current ones. */
export function inTodaysNames(given: unknown): unknown {
  const { [former.name]: value, ...others } = Object(given);
  return value === undefined || former.now in others ? given : { ...others, [former.now]: value };
}

/** The path of an option for users of its former name. */
export function inFormerName(path: string): string {
  return path.replace(/^oauth2(?=\.|$)/, former.name);
}

/** The value of an output is not known yet. Its resource checks it. */
const perhapsOutput = (form: z.ZodType) =>
  ifSet((given) => (isOutput(given) ? z.custom().transform(() => pulumi.output(given)) : form));

/** Options that may be outputs: their resources check them. */
export const inputsOfSso =
  /^(clientSecret|(realm|application|oauth2|provider|certificate)\.(?!(name|usernameClaim|slug)$).+|(application|oauth2|provider|certificate)\.name)$/;

const rolesForm = "must be lists of privileges by the role's name, e.g. { Operator: [VM.Audit, VM.Console] }";
const privileges = z.record(z.string(), z.array(z.string(rolesForm), rolesForm).min(1, rolesForm), rolesForm);

/** Schemas of the options with plain values. The resources check the others. */
export const ssoForms = {
  proxmox: {
    product: text().pipe(z.enum(productNames, "must be ve, backup or datacenter-manager").optional()),
    apiUrl: proxmoxApiUrl(),
    version: proxmoxVersion(),
    addresses: addresses(),
    nodeAddress: text().pipe(clusterNodesDefinition.inputs.shape.address.optional()),
    caCertificate: caPem(),
    fingerprint: serverFingerprint(),
    tokenConfigKey: text(),
  },
  login: { username: z.string().trim().pipe(userId), passwordConfigKey: text() },
  realm: {
    name: text().pipe(openIdRealmDefinition.inputs.shape.realm.optional()),
    usernameClaim: text().pipe(openIdRealmDefinition.inputs.shape.usernameClaim.unwrap().optional()),
    default: optionalFlag(),
    autocreate: optionalFlag(),
    usersOnDelete: usersOnDelete(),
  },
  application: { name: text(), slug: text().pipe(applicationDefinition.inputs.shape.slug.optional()) },
  clientId: text().pipe(sameWhenEncoded.optional()),
  clientSecret: text().pipe(sameWhenEncoded.optional()),
  roles: json(privileges.optional()),
  flag: optionalFlag(),
} as const;

const { proxmox, login, realm, application, clientId, clientSecret, roles, flag } = ssoForms;

export const ssoSchema = z.strictObject({
  proxmox: z.strictObject({ ...proxmox, login: ifSet(z.strictObject(login)) }),
  realm: ifSet(
    z.looseObject({
      ...realm,
      default: perhapsOutput(realm.default),
      autocreate: perhapsOutput(realm.autocreate),
      usersOnDelete: perhapsOutput(realm.usersOnDelete),
    }),
  ),
  application: ifSet(z.looseObject({ ...application, name: perhapsOutput(application.name) })),
  oauth2: ifSet(z.looseObject({})),
  certificate: ifSet(z.looseObject({})),
  clientId,
  clientSecret: perhapsOutput(clientSecret),
  /** Checked by `readAccess`, which needs the realm and the versions. */
  access: z.unknown().optional(),
  roles,
  allowEveryone: flag,
  exclusiveAccess: flag,
  testUser: ifSet(z.strictObject({ username: required(text()), passwordConfigKey: required(text()) })),
  adopt: flag,
  production: flag,
});

export function isSsoOptions(options: unknown): options is SsoOptions {
  return ssoSchema.safeParse(options).success;
}
