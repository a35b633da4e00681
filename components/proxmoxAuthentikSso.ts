import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../providers/core/resource";
import { admitGroups, emitGroups, grantRoles, makeRoles } from "./access/grantAccess";
import { requireServer } from "./authentikServer";
import { resolvedOrRefused } from "./model/mistakes";
import { resolveSso } from "./model/sso";
import type { ProxmoxAuthentikSsoArgs } from "./model/ssoOptions";
import { applicationOf, oauth2Provider, signingCertificate } from "./sso/inAuthentik";
import { openIdRealm, redirectUrisOf, usersOf } from "./sso/onProxmox";
import { placeOf } from "./sso/place";
import { loginProof } from "./sso/proof";
import { declareCluster } from "./sso/seed";

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
    const title = `ProxmoxAuthentikSso "${name}"`;
    const { authentik, ...said } = { ...args };
    requireServer(authentik, title);
    const sso = resolvedOrRefused(
      resolveSso(name, said, {
        origin: authentik.origin,
        apiUrl: authentik.connection.url,
        version: authentik.expectedVersion,
      }),
      title,
    );
    const redirectUris = redirectUrisOf(sso, this);
    const place = placeOf(this, sso, authentik);

    const claim = sso.groupsClaim ? emitGroups(place, sso.names.claim) : undefined;
    const certificate = signingCertificate(place);
    const provider = oauth2Provider(place, { redirectUris, certificate, claim });
    const application = applicationOf(place, provider);
    const bindings = sso.allowEveryone ? [] : admitGroups(place, application);

    const roles = makeRoles(place, sso.roles);
    const granted = sso.product ? [] : grantRoles(place, roles);
    const realm = openIdRealm(place, [application, ...bindings, ...granted]);
    const users = usersOf(place, realm, granted);

    const proof = loginProof(place, {
      redirectUris,
      certificate,
      application,
      realm,
      users,
      dependsOnWrites: [certificate, provider, application, realm, ...(claim ? [claim] : []), ...bindings],
    });
    declareCluster(authentik, sso, [application, realm, ...bindings, ...users, ...granted]);
    this.name = name;
    this.issuerUrl = sso.issuerUrl;
    this.hasAccess = sso.groups.length > 0;
    this.redirectUris = redirectUris;
    this.realm = realm.realm;
    this.clientId = place.values.clientId;
    this.clientSecret = place.values.clientSecret;
    this.proof = proof.summary;
    this.shows({ issuerUrl: this.issuerUrl, realm: this.realm, proof: this.proof });
  }
}
