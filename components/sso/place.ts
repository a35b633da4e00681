import type * as pulumi from "@pulumi/pulumi";
import { defaultKeySize } from "../../providers/authentik/certificate";
import { SharedValues } from "../../providers/sso/identity";
import type { AccessPlace } from "../access/grantAccess";
import type { AuthentikServer } from "../authentikServer";
import { defaults } from "../model/defaults";
import type { Sso } from "../model/resolved";
import { seedOf, valuesNamed } from "./seed";

/** Values that all resources of one cluster share. */
export interface SsoPlace extends AccessPlace {
  readonly sso: Sso;
  /** The client ID, the client secret and the serial number, in the state before the first write. */
  readonly values: SharedValues;
  /** Name of the application and of its provider. */
  readonly title: pulumi.Input<string>;
  /** The value that proves the ownership of the provider. A configured value may be known to others. */
  readonly ownershipProof: "clientId" | "clientSecret" | "none";
}

export function placeOf(parent: pulumi.ComponentResource, sso: Sso, authentik: AuthentikServer): SsoPlace {
  const { name, options, names, connection: proxmox } = sso;
  const { adopt, clientId, clientSecret, application = {} } = options;
  const values = sharedValues(parent, sso, authentik);
  return {
    name,
    sso,
    groups: sso.groups,
    authentik,
    proxmox,
    values,
    title: application.name ?? (sso.product ? sso.title : defaults.application.name),
    ownershipProof: !clientId ? "clientId" : !clientSecret ? "clientSecret" : "none",
    ownershipMark: values.serialNumber,
    adopt,
    // In mode `all`, a binding to an empty group would lock everybody out.
    closingGroup: (application.policyEngineMode ?? "any") === "any" ? names.closed : undefined,
    isExclusive: sso.exclusiveAccess,
    inAuthentik: { parent, dependsOn: [authentik.readiness], deletedWith: authentik.deletedWith },
    parent,
  };
}

function sharedValues(parent: pulumi.ComponentResource, sso: Sso, authentik: AuthentikServer): SharedValues {
  const { slug, names, product, options } = sso;
  const { certificate: signing = {} } = options;
  return new SharedValues(
    valuesNamed(sso.name),
    {
      givenClientId: options.clientId,
      givenClientSecret: options.clientSecret,
      seed: seedOf(parent, sso, authentik),
      ...(!signing.ownPair && { keySize: signing.keySize ?? defaultKeySize }),
      usedOn: {
        ...(!authentik.deletedWith && { authentik: authentik.connection }),
        proxmox: sso.connection,
        slug,
        certificate: signing.name ?? names.signing,
        realm: sso.realm,
      },
      ...(product && { usedOnProduct: product }),
    },
    { parent },
  );
}
