import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { groupsClaim, groupsExpression } from "../../components/access/claim";
import type { Access } from "../../components/access/declaration";
import { groupsIn } from "../../components/access/groups";
import { applicationDefinition } from "../../providers/authentik/application";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { exclusiveBindingsDefinition } from "../../providers/authentik/exclusiveBindings";
import { groupDefinition } from "../../providers/authentik/group";
import { defaultScopeMappings, oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { policyBindingDefinition } from "../../providers/authentik/policyBinding";
import { scopeMappingDefinition } from "../../providers/authentik/scopeMapping";
import { credentialKey } from "../../providers/core/credentials";
import type { AnyDefinition } from "../../providers/core/definition";
import { DefinedProvider } from "../../providers/core/provider";
import { aclDefinition } from "../../providers/proxmox/acl";
import { groupDefinition as proxmoxGroupDefinition } from "../../providers/proxmox/group";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";

type Properties = Record<string, unknown>;

interface AuthentikAt {
  readonly url: string;
  /** The address that people open. */
  readonly origin: string;
  readonly token: string;
}

interface ProxmoxAt {
  readonly url: string;
  readonly caPem: string;
  readonly token: string;
}

export interface SignOn {
  /** Slug of the application, which names the objects in authentik. */
  readonly slug: string;
  readonly addresses: readonly string[];
  readonly access: Access;
}

/** Creates what `pulumi up` creates for one Proxmox, with the real resources. */
export async function makeSignOn(
  authentikAt: AuthentikAt,
  proxmoxAt: ProxmoxAt,
  { slug, addresses, access }: SignOn,
): Promise<void> {
  const create = maker({ authentikToken: authentikAt.token, proxmoxToken: proxmoxAt.token });
  const authentik = { url: authentikAt.url };
  const proxmox = { url: proxmoxAt.url, caCertificate: proxmoxAt.caPem };
  const client = { clientId: `client-of-${slug}`, clientSecret: `secret-of-${slug}` };
  const { groups } = groupsIn(access, "authentik");
  const claim = await create(scopeMappingDefinition, {
    authentik,
    name: `${slug} groups`,
    scopeName: groupsClaim,
    expression: groupsExpression(groups, randomUUID()),
  });
  const certificate = await create(certificateDefinition, {
    authentik,
    name: `${slug} signing`,
    commonName: "localhost",
    serialNumber: "0d0c",
  });
  const provider = await create(oauth2ProviderDefinition, {
    authentik,
    ...client,
    name: slug,
    redirectUris: addresses.map((url) => ({ url })),
    scopeMappings: [...defaultScopeMappings, claim.pk],
    signingKey: certificate.pk,
  });
  const application = await create(applicationDefinition, {
    authentik,
    name: slug,
    slug,
    provider: provider.pk,
  });
  const bindings: unknown[] = [];
  for (const { name, proxmoxGroup, grants } of groups) {
    const group = await create(groupDefinition, { authentik, name, reuse: true });
    const bound = { authentik, target: application.pk, group: group.pk };
    bindings.push((await create(policyBindingDefinition, bound)).pk);
    if (grants.length > 0) await create(proxmoxGroupDefinition, { proxmox, group: proxmoxGroup });
    for (const grant of grants) await create(aclDefinition, { proxmox, ...grant, groups: [proxmoxGroup] });
  }
  const closingGroup = `${slug} closed (proxmox-authentik-sso)`;
  await create(exclusiveBindingsDefinition, { authentik, target: application.pk, bindings, closingGroup });
  await create(openIdRealmDefinition, {
    proxmox,
    realm: "authentik",
    issuerUrl: `${authentikAt.origin}/application/o/${slug}/`,
    clientId: client.clientId,
    clientKey: client.clientSecret,
    comment: "authentik (single sign-on)",
    groupsClaim,
    groupsOverwrite: true,
    scopes: `email profile ${groupsClaim}`,
  });
}

type Create = (definition: AnyDefinition, given: Properties) => Promise<Properties>;

function maker(credentials: Record<string, string>): Create {
  const values = Object.fromEntries(
    Object.entries(credentials).map(([key, value]) => [credentialKey(key), value]),
  );
  const get = (key: string) => values[key];
  return async (definition, given) => {
    const provider = new DefinedProvider(definition);
    await provider.configure({ config: { get, require: (key) => get(key) ?? "" } });
    const { inputs, failures } = await provider.check({}, given);
    assert.deepEqual(failures, []);
    return (await provider.create(inputs)).outs ?? {};
  };
}
