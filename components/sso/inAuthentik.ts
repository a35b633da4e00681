import * as pulumi from "@pulumi/pulumi";
import { Application } from "../../providers/authentik/application";
import { Certificate } from "../../providers/authentik/certificate";
import { defaultScopeMappings, OAuth2Provider } from "../../providers/authentik/oauth2Provider";
import type { ScopeMapping } from "../../providers/authentik/scopeMapping";
import { hostOf } from "../../providers/http/host";
import { sharedGroups } from "../access/grantAccess";
import type { SsoPlace } from "./place";

/** The certificate whose key signs the ID tokens. */
export function signingCertificate({
  name,
  sso,
  authentik,
  values,
  adopt,
  inAuthentik,
}: SsoPlace): Certificate {
  const { certificate: signing = {} } = sso.options;
  return new Certificate(
    `${name}-certificate`,
    {
      authentik: authentik.connection,
      name: signing.name ?? sso.names.signing,
      commonName: new URL(authentik.origin).hostname.slice(0, 64),
      // A custom signing certificate needs no SAN: nobody connects to a host with it.
      subjectAltNames: signing.ownPair ? [] : [hostOf(authentik.origin)],
      keySize: signing.keySize,
      validityDays: signing.validityDays,
      renewBeforeDays: signing.renewBeforeDays,
      ownPair: signing.ownPair,
      serialNumber: values.serialNumber,
      adopt,
    },
    inAuthentik,
  );
}

interface ProviderParts {
  readonly redirectUris: pulumi.Output<string[]>;
  readonly certificate: Certificate;
  /** The scope mapping of the groups claim. */
  readonly claim: ScopeMapping | undefined;
}

export function oauth2Provider(
  { name, sso, authentik, values, adopt, title, ownershipProof, inAuthentik }: SsoPlace,
  { redirectUris, certificate, claim }: ProviderParts,
): OAuth2Provider {
  const { oauth2 = {} } = sso.options;
  return new OAuth2Provider(
    `${name}-provider`,
    {
      name: title,
      adopt,
      ...oauth2,
      authentik: authentik.connection,
      clientId: values.clientId,
      clientSecret: values.clientSecret,
      redirectUris: redirectUris.apply((urls) => urls.map((url) => ({ url }))),
      ...(claim && {
        scopeMappings: pulumi
          .all([pulumi.output(oauth2.scopeMappings), claim.pk])
          .apply(([mappings, own]) => [...(mappings ?? defaultScopeMappings), own]),
      }),
      signingKey: certificate.pk,
      ownershipProof,
    },
    inAuthentik,
  );
}

export function applicationOf(place: SsoPlace, provider: OAuth2Provider): Application {
  const { name, sso, authentik, adopt, title, inAuthentik } = place;
  return new Application(
    `${name}-application`,
    {
      launchUrl: sso.addresses[0],
      adopt,
      ...sso.options.application,
      name: title,
      slug: sso.slug,
      authentik: authentik.connection,
      provider: provider.pk,
      clientId: provider.clientId,
      providerProvesOwnership: place.ownershipProof !== "none",
    },
    // At destroy, Pulumi deletes the application before its groups, because a binding uses them.
    { ...inAuthentik, dependsOn: [authentik.readiness, ...(sso.allowEveryone ? [] : sharedGroups(place))] },
  );
}
