import * as pulumi from "@pulumi/pulumi";
import { Application } from "../providers/authentik/application";
import { Certificate, defaultKeySize } from "../providers/authentik/certificate";
import { defaultScopeMappings, OAuth2Provider } from "../providers/authentik/oauth2Provider";
import { credentialNamespace } from "../providers/core/credentials";
import { Component } from "../providers/core/resource";
import { hostOf } from "../providers/http/host";
import { ClusterNodes } from "../providers/proxmox/clusterNodes";
import { OpenIdRealm } from "../providers/proxmox/openIdRealm";
import { SharedValues } from "../providers/sso/identity";
import { LoginProof, type LoginProofArgs } from "../providers/sso/loginProof";
import { followGroups } from "./access/followGroups";
import {
  type AccessPlace,
  admitGroups,
  emitGroups,
  grantRoles,
  makeMembers,
  makeRoles,
  sharedGroups,
} from "./access/grantAccess";
import { grantUsers, resourcesOf } from "./access/grantUsers";
import { groupsToTry, isDeclaredByMembers } from "./access/groups";
import { defaults } from "./model/defaults";
import { resolvedOrRefused } from "./model/mistakes";
import type { Sso } from "./model/resolved";
import { resolveSso } from "./model/sso";
import type { ProxmoxAuthentikSsoArgs } from "./model/ssoOptions";

export type { ProxmoxAuthentikSsoArgs } from "./model/ssoOptions";

/** Single sign-on for one Proxmox VE (node or cluster) through one authentik, proved with a login. */
export class ProxmoxAuthentikSso extends Component {
  /** The component's name. */
  readonly name: string;
  /** Whether `access` is set. */
  readonly hasAccess: boolean;
  /** The issuer, byte by byte as in authentik's discovery and in the realm. */
  readonly issuerUrl: string;
  /** The origins of all addresses at which people open Proxmox. */
  readonly redirectUris: pulumi.Output<string[]>;
  /** The realm's name. */
  readonly realm: pulumi.Output<string>;
  /** The OAuth2 client ID on both servers. */
  readonly clientId: pulumi.Output<string>;
  /** The client secret on both servers. Encrypted in the state. */
  readonly clientSecret: pulumi.Output<string>;
  /** The result of the proof of login, in one sentence. */
  readonly proof: pulumi.Output<string>;

  constructor(name: string, args: ProxmoxAuthentikSsoArgs, options?: pulumi.ComponentResourceOptions) {
    super("proxmox-authentik-sso:index:ProxmoxAuthentikSso", name, options);
    const { authentik, ...said } = args;
    const facts = {
      origin: authentik.origin,
      apiUrl: authentik.connection.url,
      version: authentik.expectedVersion,
    };
    const sso = resolvedOrRefused(resolveSso(name, said, facts));
    const { realm: realmName, slug, groups, groupsClaim, names } = sso;
    const {
      adopt,
      clientId,
      clientSecret,
      application: { name: title = sso.product ? sso.title : defaults.application.name } = {},
    } = sso.options;
    const { certificate: signing = {}, oauth2 = {}, testUser } = sso.options;
    this.name = name;
    this.issuerUrl = sso.issuerUrl;
    this.hasAccess = groups.length > 0;
    this.redirectUris = this.#redirectUris(sso);
    const inAuthentik = {
      parent: this,
      dependsOn: [authentik.readiness],
      deletedWith: authentik.deletedWith,
    };

    const identity = new SharedValues(
      `${name}-identity`,
      {
        givenClientId: clientId,
        givenClientSecret: clientSecret,
        seed: this.#seed(slug),
        ...(!signing.ownPair && { keySize: signing.keySize ?? defaultKeySize }),
        usedOn: {
          ...(!authentik.deletedWith && { authentik: authentik.connection }),
          proxmox: sso.connection,
          slug,
          certificate: signing.name ?? names.signing,
          realm: realmName,
        },
        ...(sso.product && { usedOnProduct: sso.product }),
      },
      { parent: this },
    );
    const place: AccessPlace = {
      name,
      groups,
      authentik,
      proxmox: sso.connection,
      ownershipMark: identity.serialNumber,
      adopt,
      // In mode `all`, a binding to an empty group would lock everybody out.
      closingGroup: (sso.options.application?.policyEngineMode ?? "any") === "any" ? names.closed : undefined,
      isExclusive: sso.exclusiveAccess,
      inAuthentik,
      parent: this,
    };
    const claim = groupsClaim ? emitGroups(place, names.claim) : undefined;
    // A configured value may be known to others, so it proves no ownership.
    const proof = !clientId ? "clientId" : !clientSecret ? "clientSecret" : "none";
    const certificate = new Certificate(
      `${name}-certificate`,
      {
        authentik: authentik.connection,
        name: signing.name ?? names.signing,
        commonName: new URL(authentik.origin).hostname.slice(0, 64),
        // A custom signing certificate needs no SAN: nobody connects to a host with it.
        subjectAltNames: signing.ownPair ? [] : [hostOf(authentik.origin)],
        keySize: signing.keySize,
        validityDays: signing.validityDays,
        renewBeforeDays: signing.renewBeforeDays,
        ownPair: signing.ownPair,
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
        ...oauth2,
        authentik: authentik.connection,
        clientId: identity.clientId,
        clientSecret: identity.clientSecret,
        redirectUris: this.redirectUris.apply((urls) => urls.map((url) => ({ url }))),
        ...(claim && { scopeMappings: withMapping(oauth2.scopeMappings, claim.pk) }),
        signingKey: certificate.pk,
        ownershipProof: proof,
      },
      inAuthentik,
    );
    const application = new Application(
      `${name}-application`,
      {
        launchUrl: sso.addresses[0],
        adopt,
        ...sso.options.application,
        name: title,
        slug,
        authentik: authentik.connection,
        provider: provider.pk,
        providerProvesOwnership: proof !== "none",
      },
      // At destroy, Pulumi deletes the application before its groups, because a binding uses them.
      {
        ...inAuthentik,
        dependsOn: [...inAuthentik.dependsOn, ...(sso.allowEveryone ? [] : sharedGroups(place))],
      },
    );
    const bindings = sso.allowEveryone ? [] : admitGroups(place, application);
    const { product } = sso;
    const roles = makeRoles(place, sso.roles);
    const granted = product ? [] : grantRoles(place, roles);
    const { name: _, ...realmOptions } = sso.options.realm ?? {};
    const Realm = product ? resourcesOf[product].OpenIdRealm : OpenIdRealm;
    const realm = new Realm(
      `${name}-realm`,
      {
        comment: names.realmComment,
        adopt,
        // After a user leaves a group in authentik, the next login revokes the group's permissions.
        ...(groupsClaim && { groupsClaim, groupsOverwrite: true }),
        ...realmOptions,
        ...(groupsClaim && { scopes: withScope(realmOptions.scopes, groupsClaim) }),
        proxmox: sso.connection,
        realm: realmName,
        issuerUrl: this.issuerUrl,
        clientId: identity.clientId,
        clientKey: identity.clientSecret,
        clientProvesOwnership: proof !== "none",
        ...(proof === "clientId" && { clientIdProvesOwnership: true }),
      },
      // The realm comes last. It never offers a login before it works, or to people without access.
      { parent: this, dependsOn: [application, ...bindings, ...granted] },
    );
    const members = !product
      ? makeMembers(place, realm.realm, granted)
      : isDeclaredByMembers(groups)
        ? grantUsers(place, product, realm.realm, [realm])
        : groups.length > 0
          ? followGroups(place, product, realm.realm, sso.usernameClaim, [realm])
          : [];
    const loginProof = new LoginProof(
      `${name}-proof`,
      {
        proxmox: sso.connection,
        ...(product && { product }),
        realm: realm.realm,
        issuerUrl: this.issuerUrl,
        signingFingerprint: certificate.fingerprint,
        groupsClaim: groupsClaim ?? realmOptions.groupsClaim,
        redirectUris: this.redirectUris,
        authentikCaCertificate: authentik.caCertificate,
        authentikFingerprint: authentik.fingerprint,
        testUser,
        authentik: authentik.connection,
        ownUser: ownUserOf(sso, place),
        production: sso.options.production ?? false,
        expectedProxmoxVersion: sso.options.proxmox.version ?? "",
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
    this.shows({ issuerUrl: this.issuerUrl, realm: this.realm, proof: this.proof });
  }

  /** Random value, created first. It does not depend on the component's name. */
  #seed(slug: string): pulumi.Output<string> | undefined {
    const plugin = this.getProvider(`${credentialNamespace}:dynamic:Identity`);
    return plugin && pulumi.interpolate`${plugin.id} ${slug}`;
  }

  #redirectUris({ name, addresses, connection, options }: Sso): pulumi.Output<string[]> {
    const { nodeAddress } = options.proxmox;
    if (nodeAddress === undefined) return pulumi.output([...addresses]);
    const nodes = new ClusterNodes(
      `${name}-nodes`,
      { proxmox: connection, address: nodeAddress },
      { parent: this },
    );
    return nodes.addresses.apply((discovered) => [...new Set([...addresses, ...discovered])]);
  }
}

/** If no group admits the proof's user, it can log in only if everybody may. */
function ownUserOf(sso: Sso, { closingGroup, isExclusive }: AccessPlace): LoginProofArgs["ownUser"] {
  if (!sso.allowEveryone && closingGroup === undefined) return undefined;
  return {
    usernameClaim: sso.usernameClaim,
    ...(sso.allowEveryone ? { formerlyAdmittedBy: closingGroup } : { admittedBy: closingGroup }),
    refusesOthers: !sso.allowEveryone && isExclusive,
    groups: sso.groupsClaim === undefined ? [] : groupsToTry(sso.groups),
  };
}

type ScopeMappings = NonNullable<ProxmoxAuthentikSsoArgs["oauth2"]>["scopeMappings"];

function withMapping(given: ScopeMappings, pk: pulumi.Output<string>): pulumi.Output<string[]> {
  return pulumi
    .all([pulumi.output(given), pk])
    .apply(([mappings, own]) => [...(mappings ?? defaultScopeMappings), own]);
}

function withScope(given: pulumi.Input<string | undefined>, scope: string): pulumi.Output<string> {
  return pulumi.output(given).apply((scopes) => `${scopes ?? defaults.scopes} ${scope}`);
}
