import type * as pulumi from "@pulumi/pulumi";
import { LoginProof, type LoginProofArgs } from "../../providers/sso/loginProof";
import { groupsToTry } from "../access/groups";
import type { SsoPlace } from "./place";

interface Written extends pulumi.Resource {
  /** Changes with every write. */
  readonly revision: pulumi.Output<string>;
}

interface Proved {
  readonly redirectUris: pulumi.Output<string[]>;
  readonly certificate: { readonly fingerprint: pulumi.Output<string> };
  readonly application: pulumi.Resource;
  readonly realm: pulumi.Resource & { readonly realm: pulumi.Output<string> };
  readonly users: readonly pulumi.Resource[];
  /** The resources whose changes repeat the proof. Another order would be a change, too. */
  readonly dependsOnWrites: readonly Written[];
}

/** Proves a login at the end of an `up`, again if a resource that it depends on has changed. */
export function loginProof(place: SsoPlace, proved: Proved): LoginProof {
  const { name, sso, authentik, proxmox, parent } = place;
  const { redirectUris, certificate, application, realm, users, dependsOnWrites } = proved;
  const { product, options } = sso;
  return new LoginProof(
    `${name}-proof`,
    {
      proxmox,
      ...(product && { product }),
      realm: realm.realm,
      issuerUrl: sso.issuerUrl,
      signingFingerprint: certificate.fingerprint,
      groupsClaim: sso.groupsClaim ?? options.realm?.groupsClaim,
      redirectUris,
      authentikCaCertificate: authentik.caCertificate,
      authentikFingerprint: authentik.fingerprint,
      testUser: options.testUser,
      authentik: authentik.connection,
      ownUser: ownUserOf(place),
      production: options.production ?? false,
      expectedProxmoxVersion: options.proxmox.version ?? "",
      restsOn: [...authentik.revisions, ...dependsOnWrites.map(({ revision }) => revision)],
    },
    { parent, dependsOn: [realm, application, ...users] },
  );
}

/** If no group admits the proof's user, it can log in only if everybody may. */
function ownUserOf({ sso, closingGroup, isExclusive }: SsoPlace): LoginProofArgs["ownUser"] {
  if (!sso.allowEveryone && closingGroup === undefined) return undefined;
  return {
    usernameClaim: sso.usernameClaim,
    ...(sso.allowEveryone ? { formerlyAdmittedBy: closingGroup } : { admittedBy: closingGroup }),
    refusesOthers: !sso.allowEveryone && isExclusive,
    groups: sso.groupsClaim === undefined ? [] : groupsToTry(sso.groups),
  };
}
