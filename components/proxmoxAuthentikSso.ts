import * as pulumi from "@pulumi/pulumi";
import { Application, type ApplicationArgs } from "../providers/authentik/application";
import { Certificate, type CertificateArgs } from "../providers/authentik/certificate";
import { OAuth2Provider, type OAuth2ProviderArgs } from "../providers/authentik/oauth2Provider";
import { OpenIdRealm, type OpenIdRealmArgs } from "../providers/proxmox/openIdRealm";
import { Identity } from "../providers/sso/identity";
import { LoginProof } from "../providers/sso/loginProof";
import { issuerOf, redirectUriOf } from "./addresses";
import type { AuthentikServer } from "./authentikServer";
import { refuseWhatCannotWork } from "./refusals";
import { refuseWhatVersionsLack } from "./versionRefusals";

export interface ProxmoxAuthentikSsoArgs {
  /** The authentik to use: an `AuthentikStack`, or `existingAuthentik({ … })`. */
  authentik: AuthentikServer;
  proxmox: {
    /** Base URL of the API. @default the first of `addresses` */
    apiUrl?: string;
    /** Its version, e.g. `9.2`: options that it lacks are then refused at preview already. */
    version?: string | undefined;
    /** Where people log in: one for each node, virtual IP or proxy, e.g. `https://pve1.example.com:8006`. */
    addresses: string[];
    /** PEM of the CA of the API's certificate, where it is not a public one (`/etc/pve/pve-root-ca.pem`). */
    caCertificate?: string;
    /** SHA-256 fingerprint of the API's certificate, instead of a CA. */
    fingerprint?: string;
    /** The stack config key (a secret) with the API token. @default proxmoxToken */
    tokenConfigKey?: string;
    /** Log in as this user (`name@realm`) instead of with an API token. */
    login?: { username: string; passwordConfigKey?: string };
  };
  /** The realm on Proxmox: its name (@default authentik) and options. */
  realm?: Partial<
    Omit<OpenIdRealmArgs, "proxmox" | "realm" | "issuerUrl" | "clientId" | "clientKey" | "usernameClaim">
  > & { name?: string; usernameClaim?: string };
  /** The application in authentik. @default name `Proxmox VE`, slug `proxmox` */
  application?: Partial<Omit<ApplicationArgs, "authentik" | "slug" | "provider">> & { slug?: string };
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
  /** Everybody with an account in authentik may log in to Proxmox. Has to be said, so that nobody does it by accident. */
  allowEveryone: boolean;
  /** A user of authentik who logs in at the end of an `up`, to prove that it works. */
  testUser?: { username: string; passwordConfigKey: string };
  /** Bring certificate, provider, application and realm of these names under this stack where they exist already. */
  adopt?: boolean;
}

/** Single sign-on for one Proxmox VE (node or cluster) through one authentik, proved by a login. */
export class ProxmoxAuthentikSso extends pulumi.ComponentResource {
  /** The issuer, byte by byte as authentik's discovery and the realm have it. */
  readonly issuerUrl: string;
  readonly redirectUris: string[];
  readonly realm: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  readonly clientSecret: pulumi.Output<string>;
  /** What the proof of login found, in one sentence. */
  readonly proof: pulumi.Output<string>;

  constructor(name: string, args: ProxmoxAuthentikSsoArgs, options?: pulumi.ComponentResourceOptions) {
    super("proxmox-authentik-sso:index:ProxmoxAuthentikSso", name, {}, options);
    refuseWhatCannotWork(args);
    refuseWhatVersionsLack(args, {
      authentik: args.authentik.expectedVersion,
      proxmox: args.proxmox.version,
    });
    const { authentik, proxmox, adopt } = args;
    const realmName = args.realm?.name ?? "authentik";
    const slug = args.application?.slug ?? "proxmox";
    const title = args.application?.name ?? "Proxmox VE";
    this.redirectUris = [...new Set(proxmox.addresses.map(redirectUriOf))];
    this.issuerUrl = issuerOf(authentik.origin, slug);
    const proxmoxConnection = {
      url: proxmox.apiUrl ? redirectUriOf(proxmox.apiUrl) : (this.redirectUris[0] ?? ""),
      ...(proxmox.caCertificate && { caCertificate: proxmox.caCertificate }),
      ...(proxmox.fingerprint && { fingerprint: proxmox.fingerprint }),
      ...(proxmox.tokenConfigKey && { tokenConfigKey: proxmox.tokenConfigKey }),
      ...(proxmox.login && { login: proxmox.login }),
    };
    const inAuthentik = {
      parent: this,
      dependsOn: [authentik.readiness],
      deletedWith: authentik.deletedWith,
    };

    const identity = new Identity(
      `${name}-identity`,
      { givenClientId: args.clientId, givenClientSecret: args.clientSecret },
      { parent: this },
    );
    // A value given from outside may be known to others, so that it proves nothing.
    const proof = !args.clientId ? "clientId" : !args.clientSecret ? "clientSecret" : "none";
    const certificate = new Certificate(
      `${name}-certificate`,
      {
        authentik: authentik.connection,
        name: args.certificate?.name ?? `${slug} signing (proxmox-authentik-sso)`,
        commonName: new URL(authentik.origin).hostname.slice(0, 64),
        subjectAltNames: [new URL(authentik.origin).hostname.replace(/^\[|\]$/g, "")],
        keySize: args.certificate?.keySize,
        validityDays: args.certificate?.validityDays,
        renewBeforeDays: args.certificate?.renewBeforeDays,
        ownPair: args.certificate?.ownPair,
        serialNumber: identity.serialNumber,
        adopt,
      },
      inAuthentik,
    );
    const provider = new OAuth2Provider(
      `${name}-provider`,
      {
        name: title,
        adopt,
        ...args.provider,
        authentik: authentik.connection,
        clientId: identity.clientId,
        clientSecret: identity.clientSecret,
        redirectUris: this.redirectUris.map((url) => ({ url })),
        signingKey: certificate.pk,
        ownershipProof: proof,
      },
      inAuthentik,
    );
    const application = new Application(
      `${name}-application`,
      {
        launchUrl: this.redirectUris[0],
        adopt,
        ...args.application,
        name: title,
        slug,
        authentik: authentik.connection,
        provider: provider.pk,
        providerProvesOwnership: proof !== "none",
      },
      inAuthentik,
    );
    const { name: _, ...realmOptions } = args.realm ?? {};
    const realm = new OpenIdRealm(
      `${name}-realm`,
      {
        // Proxmox shows it instead of the name in the list of realms on its login page.
        comment: `${realmName} (single sign-on)`,
        adopt,
        ...realmOptions,
        proxmox: proxmoxConnection,
        realm: realmName,
        issuerUrl: this.issuerUrl,
        clientId: identity.clientId,
        clientKey: identity.clientSecret,
        clientProvesOwnership: proof !== "none",
      },
      // After the application, so that the realm never offers a login that cannot work yet.
      { parent: this, dependsOn: [application] },
    );
    const loginProof = new LoginProof(
      `${name}-proof`,
      {
        proxmox: proxmoxConnection,
        realm: realm.realm,
        issuerUrl: this.issuerUrl,
        signingFingerprint: certificate.fingerprint,
        redirectUris: this.redirectUris,
        authentikCaCertificate: authentik.caCertificate,
        testUser: args.testUser,
        restsOn: [
          ...authentik.revisions,
          certificate.revision,
          provider.revision,
          application.revision,
          realm.revision,
        ],
      },
      { parent: this, dependsOn: [realm, application] },
    );
    this.realm = realm.realm;
    this.clientId = identity.clientId;
    this.clientSecret = identity.clientSecret;
    this.proof = loginProof.summary;
    this.registerOutputs({ issuerUrl: this.issuerUrl, realm: this.realm, proof: this.proof });
  }
}
