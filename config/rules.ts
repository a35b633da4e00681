import { AddressError, authentikOrigin, redirectUriOf } from "../components/addresses";
import { whyUnusable } from "../components/refusals";
import { authentikVersionIn, requiresRedis } from "../components/versions";
import { applicationDefinition } from "../providers/authentik/application";
import { authentikVersions } from "../providers/authentik/versions";
import { isOlder } from "../providers/core/versions";
import { openIdRealmDefinition } from "../providers/proxmox/openIdRealm";
import type { StackConfig } from "./schema";

export interface Mistake {
  readonly key: string;
  readonly message: string;
}

const generate = "npm run credentials generates it";

/** What is needed of each other key, given the rest. */
export function crossChecks(config: StackConfig): Mistake[] {
  return [...missing(config), ...addresses(config), ...names(config), ...versions(config)];
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
    ["authentikBootstrapPassword", config.deployAuthentik, generate],
    ["postgresPassword", config.deployAuthentik, generate],
    [
      "proxmoxToken",
      config.proxmoxUsername === undefined,
      "make an API token on Proxmox; the README has the pveum commands",
    ],
    ["proxmoxPassword", config.proxmoxUsername !== undefined, "it belongs to proxmoxUsername"],
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
    ["testPassword", config.testUsername !== undefined, "it belongs to testUsername; set both or neither"],
    ["testUsername", config.testPassword !== undefined, "it belongs to testPassword; set both or neither"],
  ];
  const mistakes: Mistake[] = needed
    .filter(([key, applies]) => applies && config[key] === undefined)
    .map(([key, , fix]) => ({ key, message: `is missing: ${fix}` }));
  if (config.proxmoxAddresses.length === 0) {
    mistakes.push({
      key: "proxmoxAddresses",
      message: 'is missing: list the addresses people open Proxmox at, e.g. ["https://pve.example.com:8006"]',
    });
  }
  if (!config.allowEveryone) {
    mistakes.push({
      key: "allowEveryone",
      message:
        "is not true: until access rules exist, everybody with an account in authentik may log in to Proxmox (what they may do there is up to Proxmox); set it to true if that is meant",
    });
  }
  return mistakes;
}

function addresses(config: StackConfig): Mistake[] {
  return [
    ...addressMistakes("authentikUrl", config.authentikUrl, authentikOrigin),
    ...config.proxmoxAddresses.flatMap((address) =>
      addressMistakes("proxmoxAddresses", address, redirectUriOf),
    ),
    ...addressMistakes("authentikApiUrl", config.authentikApiUrl, authentikOrigin),
    ...addressMistakes("proxmoxApiUrl", config.proxmoxApiUrl, redirectUriOf),
  ];
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

function names({ realm, applicationSlug, usernameClaim }: StackConfig): Mistake[] {
  const given = {
    realm: realm && openIdRealmDefinition.inputs.shape.realm.safeParse(realm),
    applicationSlug: applicationSlug && applicationDefinition.inputs.shape.slug.safeParse(applicationSlug),
  };
  const mistakes = Object.entries(given).flatMap(([key, result]) =>
    result ? (result.error?.issues ?? []).map(({ message }) => ({ key, message })) : [],
  );
  const why = usernameClaim && whyUnusable(usernameClaim);
  return why
    ? [...mistakes, { key: "usernameClaim", message: `cannot be "${usernameClaim}": ${why}` }]
    : mistakes;
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
  if (config.redis || !config.deployAuthentik || !requiresRedis(version)) return [];
  return [
    { key: "redis", message: "is off, but authentik before the 2025.10 release cannot start without it" },
  ];
}
