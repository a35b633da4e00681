import { mistakesInAccess } from "../components/access/mistakes";
import { AddressError, authentikOrigin, redirectUriOf } from "../components/addresses";
import { whyNoTestUser, whyUnusable } from "../components/refusals";
import { authentikVersionIn, requiresRedis } from "../components/versions";
import { applicationDefinition } from "../providers/authentik/application";
import { authentikVersions } from "../providers/authentik/versions";
import { isOlder } from "../providers/core/versions";
import { clusterNodesDefinition } from "../providers/proxmox/clusterNodes";
import { openIdRealmDefinition } from "../providers/proxmox/openIdRealm";
import { type Cluster, clustersOf } from "./clusters";
import { productionMistakes } from "./productionRules";
import type { StackConfig } from "./schema";

export interface Mistake {
  readonly key: string;
  readonly message: string;
}

const generate = "npm run credentials generates it";

/** What is needed of each other key, given the rest. */
export function crossChecks(config: StackConfig, isSet: (credential: string) => boolean): Mistake[] {
  const clusters = clustersOf(config);
  return [
    ...missing(config),
    ...authentikAddresses(config),
    ...versions(config),
    ...clusters.flatMap((cluster) => [
      ...credentials(cluster, isSet),
      ...proxmoxAddresses(cluster),
      ...names(cluster),
      ...access(cluster),
    ]),
    ...testUser(config.testUsername, clusters),
    ...sharedSlugs(clusters),
    ...productionMistakes(config, clusters),
  ];
}

const makeToken = "make an API token on Proxmox; the README has the pveum commands";

function credentials(
  { username, tokenKey, passwordKey, key }: Cluster,
  isSet: (credential: string) => boolean,
) {
  const [needed, message] = username
    ? [passwordKey, `it belongs to ${key("username")}`]
    : [tokenKey, makeToken];
  return isSet(needed) ? [] : [{ key: needed, message: `is missing: ${message}` }];
}

function missing(config: StackConfig): Mistake[] {
  const needed: [keyof StackConfig & string, boolean, string][] = [
    ["authentikUrl", true, "give authentik's address, e.g. https://auth.example.com"],
    ["authentikToken", config.deployAuthentik, generate],
    [
      "authentikToken",
      !config.deployAuthentik,
      "make an API token in authentik (Directory > Tokens, intent API)",
    ],
    ["authentikSecretKey", config.deployAuthentik, generate],
    ["authentikBootstrapPassword", config.deployAuthentik && config.authentikBootstrap, generate],
    ["postgresPassword", config.deployAuthentik, generate],
    ["registryPassword", config.registryUsername !== undefined, "it belongs to registryUsername"],
    [
      "tlsCaKey",
      config.tlsCaCertificate !== undefined,
      "it belongs to tlsCaCertificate; set both or neither",
    ],
    ["tlsCaCertificate", config.tlsCaKey !== undefined, "it belongs to tlsCaKey; set both or neither"],
    [
      "signingCertificatePath",
      config.signingKeyPath !== undefined || config.signingKey !== undefined,
      "it belongs to signingKeyPath or signingKey",
    ],
    [
      "signingKeyPath",
      config.signingCertificatePath !== undefined && config.signingKey === undefined,
      "it belongs to signingCertificatePath; or set the secret signingKey",
    ],
    [
      "tlsCertificatePath",
      config.tlsKeyPath !== undefined || config.tlsKey !== undefined,
      "it belongs to tlsKeyPath or tlsKey",
    ],
    [
      "tlsKeyPath",
      config.tlsCertificatePath !== undefined && config.tlsKey === undefined,
      "it belongs to tlsCertificatePath; or set the secret tlsKey",
    ],
    ["testPassword", config.testUsername !== undefined, "it belongs to testUsername; set both or neither"],
    ["testUsername", config.testPassword !== undefined, "it belongs to testPassword; set both or neither"],
  ];
  const mistakes = needed
    .filter(([key, applies]) => applies && config[key] === undefined)
    .map(([key, , fix]) => ({ key, message: `is missing: ${fix}` }));
  if (config.tlsCertificatePath && (config.tlsCaCertificate || config.tlsCaKey)) {
    mistakes.push({
      key: "tlsCertificatePath",
      message:
        "does not go together with a CA: pulumi config rm tlsCaCertificate; pulumi config rm pulumi-nodejs:tlsCaKey",
    });
  }
  return mistakes;
}

function authentikAddresses(config: StackConfig): Mistake[] {
  return [
    ...addressMistakes("authentikUrl", config.authentikUrl, authentikOrigin),
    ...addressMistakes("authentikApiUrl", config.authentikApiUrl, authentikOrigin),
  ];
}

function proxmoxAddresses({ addresses, apiUrl, nodeAddress, key }: Cluster): Mistake[] {
  const mistakes = [
    ...addresses.flatMap((address) => addressMistakes(key("addresses"), address, redirectUriOf)),
    ...addressMistakes(key("apiUrl"), apiUrl, redirectUriOf),
  ];
  if (addresses.length === 0) {
    mistakes.push({
      key: key("addresses"),
      message: 'is missing: list the addresses people open Proxmox at, e.g. ["https://pve.example.com:8006"]',
    });
  }
  const template = nodeAddress && clusterNodesDefinition.inputs.shape.address.safeParse(nodeAddress).error;
  if (template) mistakes.push({ key: key("nodeAddress"), message: template.issues[0]?.message ?? "" });
  return mistakes;
}

function addressMistakes(
  key: string,
  address: string | undefined,
  derive: (address: string) => string,
): Mistake[] {
  if (address === undefined) return [];
  try {
    derive(address);
    return [];
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return [{ key, message: error.message }];
  }
}

function names({ realm, applicationSlug, usernameClaim, key }: Cluster): Mistake[] {
  const given = [
    [key("realm"), realm && openIdRealmDefinition.inputs.shape.realm.safeParse(realm)],
    [
      key("applicationSlug"),
      applicationSlug && applicationDefinition.inputs.shape.slug.safeParse(applicationSlug),
    ],
  ] as const;
  const mistakes = given.flatMap(([key, result]) =>
    result ? (result.error?.issues ?? []).map(({ message }) => ({ key, message })) : [],
  );
  const why = usernameClaim && whyUnusable(usernameClaim);
  return why
    ? [...mistakes, { key: key("usernameClaim"), message: `cannot be "${usernameClaim}": ${why}` }]
    : mistakes;
}

/** Whoever proves the login has to be able to log in everywhere. */
function testUser(username: string | undefined, clusters: readonly Cluster[]): Mistake[] {
  if (username === undefined) return [];
  const [why] = clusters.flatMap(
    ({ realm = "authentik", usernameClaim }) => whyNoTestUser(username, realm, usernameClaim) ?? [],
  );
  return why === undefined ? [] : [{ key: "testUsername", message: `cannot be "${username}": ${why}` }];
}

function access({ access, realm = "authentik", allowEveryone, version, roles, key }: Cluster): Mistake[] {
  const context = { realm, allowEveryone, proxmoxVersion: version, ownRoles: Object.keys(roles) };
  return mistakesInAccess(access, context).map((message) => ({ key: key("access"), message }));
}

/** The slug is part of the issuer, so that each Proxmox needs its own. */
function sharedSlugs(clusters: readonly Cluster[]): Mistake[] {
  const slugs = clusters.map(({ applicationSlug = "proxmox" }) => applicationSlug);
  return clusters
    .filter((_, index) => slugs.indexOf(slugs[index] ?? "") < index)
    .map(({ applicationSlug, key }) => ({
      key: key("applicationSlug"),
      message: `is "${applicationSlug}", as another one's is: give each its own`,
    }));
}

function versions(config: StackConfig): Mistake[] {
  const key = config.authentikVersion ? "authentikVersion" : "authentikImage";
  const version = config[key] ?? "";
  const told = authentikVersionIn(version);
  if (told && isOlder(told, authentikVersions.oldest)) {
    return [{ key, message: `is ${told}, but authentik before 2024.12 is not supported: use a later one` }];
  }
  if (config.authentikVersion && !told) {
    return [{ key, message: "must be authentik's version, e.g. 2026.5.0" }];
  }
  if (config.deployAuthentik && version && !told) {
    return [
      {
        key: "authentikVersion",
        message: `is missing: the image ${version} does not tell authentik's version, by which upgrades are checked`,
      },
    ];
  }
  if (config.redis || !config.deployAuthentik || !requiresRedis(version)) return [];
  return [
    { key: "redis", message: "is off, but authentik before the 2025.10 release cannot start without it" },
  ];
}
