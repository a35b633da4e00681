import * as pulumi from "@pulumi/pulumi";
import { Application } from "../providers/authentik/application";
import { Certificate } from "../providers/authentik/certificate";
import { defaultScopeMappings, OAuth2Provider } from "../providers/authentik/oauth2Provider";
import { credentialNamespace } from "../providers/core/credentials";
import { Component } from "../providers/core/resource";
import { ClusterNodes } from "../providers/proxmox/clusterNodes";
import { OpenIdRealm } from "../providers/proxmox/openIdRealm";
import { Identity } from "../providers/sso/identity";
import { LoginProof } from "../providers/sso/loginProof";
import { groupsClaim } from "./access/claim";
import { accessSchema } from "./access/declaration";
import {
  type AccessPlace,
  admitGroups,
  emitGroups,
  grantRoles,
  makeMembers,
  makeRoles,
  sharedGroups,
} from "./access/grantAccess";
import { accessGroups, isDeclaredByMembers } from "./access/groups";
import { issuerOf, redirectUriOf } from "./addresses";
import { refuseUnfit, unfitAuthentik, unfitSso } from "./production";
import { refuseWhatCannotWork } from "./refusals";
import type { ProxmoxAuthentikSsoArgs } from "./ssoArgs";
import { refuseWhatVersionsLack } from "./versionRefusals";

export type { ProxmoxAuthentikSsoArgs } from "./ssoArgs";

/** Single sign-on for one Proxmox VE (node or cluster) through one authentik, proved by a login. */
export class ProxmoxAuthentikSso extends Component {
  /** The component's own name. */
  readonly name: string;
  /** Whether it says what users may do. */
  readonly hasAccess: boolean;
  /** The issuer, byte by byte as authentik's discovery and the realm have it. */
  readonly issuerUrl: string;
  /** The origins of all addresses at which people open Proxmox. */
  readonly redirectUris: pulumi.Output<string[]>;
  /** The realm's name. */
  readonly realm: pulumi.Output<string>;
  /** The OAuth2 client ID that both servers have. */
  readonly clientId: pulumi.Output<string>;
  /** The client secret that both servers have; encrypted in the state. */
  readonly clientSecret: pulumi.Output<string>;
  /** What the proof of login found, in one sentence. */
  readonly proof: pulumi.Output<string>;

  constructor(name: string, args: ProxmoxAuthentikSsoArgs, options?: pulumi.ComponentResourceOptions) {
    super("proxmox-authentik-sso:index:ProxmoxAuthentikSso", name, options);
    refuseWhatCannotWork(args);
    refuseWhatVersionsLack(args, {
      authentik: args.authentik.expectedVersion,
      proxmox: args.proxmox.version,
    });
    if (args.production) refuseForProduction(args);
    const { authentik, proxmox, adopt } = args;
    const realmName = args.realm?.name ?? "authentik";
    const slug = args.application?.slug ?? "proxmox";
    const title = args.application?.name ?? "Proxmox VE";
    const given = [...new Set(proxmox.addresses.map(redirectUriOf))];
    this.issuerUrl = issuerOf(authentik.origin, slug);
    const proxmoxConnection = {
      url: proxmox.apiUrl ? redirectUriOf(proxmox.apiUrl) : (given[0] ?? ""),
      ...(proxmox.caCertificate && { caCertificate: proxmox.caCertificate }),
      ...(proxmox.fingerprint && { fingerprint: proxmox.fingerprint }),
      ...(proxmox.tokenConfigKey && { tokenConfigKey: proxmox.tokenConfigKey }),
      ...(proxmox.login && { login: proxmox.login }),
    };
    this.redirectUris = this.#redirectUris(name, given, proxmoxConnection, proxmox.nodeAddress);
    const groups = accessGroups(accessSchema.parse(args.access ?? {}), realmName);
    this.name = name;
    this.hasAccess = groups.length > 0;
    const isClaimed = this.hasAccess && !isDeclaredByMembers(groups);
    const inAuthentik = {
      parent: this,
      dependsOn: [authentik.readiness],
      deletedWith: authentik.deletedWith,
    };

    const identity = new Identity(
      `${name}-identity`,
      { givenClientId: args.clientId, givenClientSecret: args.clientSecret, seed: this.#seed(slug) },
      { parent: this },
    );
    const place: AccessPlace = {
      name,
      groups,
      authentik,
      proxmox: proxmoxConnection,
      ownershipMark: identity.serialNumber,
      adopt,
      // With `all`, a binding that denies would lock everybody out.
      closingGroup:
        (args.application?.policyEngineMode ?? "any") === "any"
          ? `${slug} closed (proxmox-authentik-sso)`
          : undefined,
      isExclusive: args.exclusiveAccess ?? true,
      inAuthentik,
      parent: this,
    };
    const claim = isClaimed ? emitGroups(place, slug) : undefined;
    // A value given from outside may be known to others, so that it proves nothing.
    const proof = !args.clientId ? "clientId" : !args.clientSecret ? "clientSecret" : "none";
    const certificate = new Certificate(
      `${name}-certificate`,
      {
        authentik: authentik.connection,
        name: args.certificate?.name ?? `${slug} signing (proxmox-authentik-sso)`,
        commonName: new URL(authentik.origin).hostname.slice(0, 64),
        // A pair of one's own may be of any names: nobody connects to what signs tokens.
        subjectAltNames: args.certificate?.ownPair
          ? []
          : [new URL(authentik.origin).hostname.replace(/^\[|\]$/g, "")],
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
        redirectUris: this.redirectUris.apply((urls) => urls.map((url) => ({ url }))),
        ...(claim && { scopeMappings: withMapping(args.provider?.scopeMappings, claim.pk) }),
        signingKey: certificate.pk,
        ownershipProof: proof,
      },
      inAuthentik,
    );
    const application = new Application(
      `${name}-application`,
      {
        launchUrl: given[0],
        adopt,
        ...args.application,
        name: title,
        slug,
        authentik: authentik.connection,
        provider: provider.pk,
        providerProvesOwnership: proof !== "none",
      },
      // At a destroy it goes before its groups, which stay while a binding uses them.
      {
        ...inAuthentik,
        dependsOn: [...inAuthentik.dependsOn, ...(args.allowEveryone ? [] : sharedGroups(place))],
      },
    );
    const bindings = args.allowEveryone ? [] : admitGroups(place, application);
    const roles = makeRoles(place, args.roles ?? {});
    const granted = grantRoles(place, roles);
    const { name: _, ...realmOptions } = args.realm ?? {};
    const realm = new OpenIdRealm(
      `${name}-realm`,
      {
        // Proxmox shows it instead of the name in the list of realms on its login page.
        comment: `${realmName} (single sign-on)`,
        adopt,
        // Leaving a group in authentik takes its rights away at the next login.
        ...(isClaimed && { groupsClaim, groupsOverwrite: true }),
        ...realmOptions,
        ...(isClaimed && { scopes: withScope(args.realm?.scopes) }),
        proxmox: proxmoxConnection,
        realm: realmName,
        issuerUrl: this.issuerUrl,
        clientId: identity.clientId,
        clientKey: identity.clientSecret,
        clientProvesOwnership: proof !== "none",
        ...(proof === "clientId" && { clientIdProvesOwnership: true }),
      },
      // Last, so that the realm never offers a login that cannot work yet, or to somebody who may not.
      { parent: this, dependsOn: [application, ...bindings, ...granted] },
    );
    const members = makeMembers(place, realm.realm, granted);
    const loginProof = new LoginProof(
      `${name}-proof`,
      {
        proxmox: proxmoxConnection,
        realm: realm.realm,
        issuerUrl: this.issuerUrl,
        signingFingerprint: certificate.fingerprint,
        groupsClaim: isClaimed ? groupsClaim : args.realm?.groupsClaim,
        redirectUris: this.redirectUris,
        authentikCaCertificate: authentik.caCertificate,
        authentikFingerprint: authentik.fingerprint,
        testUser: args.testUser,
        restsOn: [
          ...authentik.revisions,
          certificate.revision,
          provider.revision,
          application.revision,
          realm.revision,
          ...(claim ? [claim.revision] : []),
          ...bindings.map(({ revision }) => revision),
        ],
      },
      { parent: this, dependsOn: [realm, application, ...members] },
    );
    this.realm = realm.realm;
    this.clientId = identity.clientId;
    this.clientSecret = identity.clientSecret;
    this.proof = loginProof.summary;
    this.registerOutputs({ issuerUrl: this.issuerUrl, realm: this.realm, proof: this.proof });
  }

  /** Random, in the state before all else, and the same however this component is called. */
  #seed(slug: string): pulumi.Output<string> | undefined {
    const plugin = this.getProvider(`${credentialNamespace}:dynamic:Identity`);
    return plugin && pulumi.interpolate`${plugin.id} ${slug}`;
  }

  #redirectUris(
    name: string,
    given: string[],
    proxmox: AccessPlace["proxmox"],
    nodeAddress: string | undefined,
  ): pulumi.Output<string[]> {
    if (nodeAddress === undefined) return pulumi.output(given);
    const nodes = new ClusterNodes(`${name}-nodes`, { proxmox, address: nodeAddress }, { parent: this });
    return nodes.addresses.apply((discovered) => [...new Set([...given, ...discovered])]);
  }
}

function refuseForProduction({
  authentik,
  proxmox,
  allowEveryone = false,
  provider,
}: ProxmoxAuthentikSsoArgs) {
  const { addresses } = proxmox;
  const names = {
    authentikUrl: "authentik.url",
    authentikApiUrl: "authentik.apiUrl",
    addresses: "proxmox.addresses",
  };
  refuseUnfit(names, [
    ...unfitAuthentik({ origin: authentik.origin, apiUrl: authentik.connection.url }),
    ...unfitSso({ addresses, allowEveryone, postLogoutRedirectUris: provider?.postLogoutRedirectUris }),
  ]);
}

type ScopeMappings = NonNullable<ProxmoxAuthentikSsoArgs["provider"]>["scopeMappings"];

function withMapping(given: ScopeMappings, pk: pulumi.Output<string>): pulumi.Output<string[]> {
  return pulumi
    .all([pulumi.output(given), pk])
    .apply(([mappings, own]) => [...(mappings ?? defaultScopeMappings), own]);
}

/** Proxmox's own default is `email profile`. */
function withScope(given: pulumi.Input<string | undefined>): pulumi.Output<string> {
  return pulumi.output(given).apply((scopes) => `${scopes ?? "email profile"} ${groupsClaim}`);
}
