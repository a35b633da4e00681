import { type OtherProduct, otherProducts } from "../../providers/accessControl/products";
import { authentikVersions } from "../../providers/authentik/versions";
import { lackingOptions } from "../../providers/core/versions";
import { proxmoxVersions } from "../../providers/proxmox/versions";
import { authentikVersionIn } from "../versions";
import { problemWithTestUser, usableClaims, whyUnusable } from "./claims";
import type { Mistake } from "./mistakes";
import type { Sso } from "./resolved";

/**
 * Options that both servers accept, but that break every login or open Proxmox to everybody. Measured on real
 * servers.
 */
export function whatCannotWork(sso: Sso): Mistake[] {
  return rules
    .map(([path, find]) => ({ path, message: find(sso) }))
    .filter((found): found is Mistake => typeof found.message === "string");
}

/** A rule for an option. It returns a message if the option is wrong. */
type Rule = readonly [path: string, find: (sso: Sso) => string | false | undefined];

/** Options of a realm that only Proxmox VE has. */
const onlyOnVe = ["groupsClaim", "groupsAutocreate", "groupsOverwrite", "queryUserinfo"] as const;

const notThere = (product: OtherProduct) =>
  `does not exist on ${otherProducts[product].shortName}: remove it`;

const rules: readonly Rule[] = [
  ...onlyOnVe.map(
    (option): Rule => [
      `realm.${option}`,
      ({ product, options: { realm } }) => product && realm?.[option] !== undefined && notThere(product),
    ],
  ),
  [
    "proxmox.nodeAddress",
    ({ product, options: { proxmox } }) => product && proxmox.nodeAddress !== undefined && notThere(product),
  ],
  [
    "proxmox.version",
    ({ product, options: { proxmox } }) =>
      product && proxmox.version !== undefined && "is for Proxmox VE only: remove it",
  ],
  [
    "roles",
    ({ product, roles }) =>
      product &&
      Object.keys(roles).length > 0 &&
      `${notThere(product)}. It has the roles ${otherProducts[product].roles.join(", ")}`,
  ],
  [
    "proxmox.addresses",
    ({ addresses }) =>
      addresses.length === 0 &&
      'is missing: list the addresses at which people open Proxmox, e.g. ["https://pve.example.com:8006"]. Without a redirect URI, authentik stores the first one that anybody sends',
  ],
  [
    "realm.usernameClaim",
    ({ usernameClaim, options: { oauth2 } }) => {
      const why = whyUnusable(usernameClaim, oauth2?.scopeMappings !== undefined);
      return why && `cannot be "${usernameClaim}": ${why}`;
    },
  ],
  [
    "testUser.username",
    ({ options: { testUser }, realm, usernameClaim }) => {
      const why = testUser && problemWithTestUser(testUser.username, realm, usernameClaim);
      return why && `cannot be "${testUser.username}": ${why}`;
    },
  ],
  [
    "oauth2.encryptionKey",
    ({ options: { oauth2 } }) =>
      oauth2?.encryptionKey !== undefined &&
      "is set, but Proxmox cannot read encrypted ID tokens, and answers 401. Remove the option, even if a guide sets it",
  ],
  [
    "oauth2.issuerMode",
    ({ options: { oauth2 } }) =>
      oauth2?.issuerMode === "global" &&
      'is "global": Proxmox reads the discovery document below the issuer, and a global issuer has none there. Remove the option',
  ],
  [
    "oauth2.scopeMappings",
    ({ options: { oauth2 } }) =>
      Array.isArray(oauth2?.scopeMappings) &&
      oauth2.scopeMappings.length === 0 &&
      "is empty, so no mapping sends the claim for the user name. Remove the option to use authentik's defaults",
  ],
  [
    "realm.scopes",
    (sso) =>
      lacksScope(usableClaims[sso.usernameClaim], sso) &&
      "lacks the scope of the claim `realm.usernameClaim`, so every login would fail. authentik sends email in the scope `email`, and the other claims in `profile`. Add the scope, or remove `scopes`",
  ],
  [
    "realm.scopes",
    (sso) =>
      sso.options.realm?.groupsClaim === "groups" &&
      lacksScope("profile", sso) &&
      "lacks `profile`, in which authentik sends the claim `groups`, so Proxmox would get no groups. Add `profile`, or remove `scopes`",
  ],
  [
    "realm.queryUserinfo",
    ({ options: { realm, oauth2 } }) =>
      realm?.queryUserinfo === false &&
      oauth2?.includeClaimsInIdToken === false &&
      "and `oauth2.includeClaimsInIdToken` are both off, so no claim reaches Proxmox, and every login would fail. Remove one of them",
  ],
  [
    "application.policyEngineMode",
    ({ options: { application }, groups }) =>
      application?.policyEngineMode === "all" &&
      groups.length > 1 &&
      'is "all" with several groups in `access`: only users in every one of these groups could log in. Remove the option',
  ],
  [
    "realm.groupsClaim",
    ({ options: { realm }, groups }) =>
      realm?.groupsClaim !== undefined &&
      groups.length > 0 &&
      "conflicts with `access`, which sets it: remove one of them",
  ],
  [
    "realm.groupsClaim",
    ({ options: { realm, oauth2 } }) =>
      typeof realm?.groupsClaim === "string" &&
      realm.groupsClaim !== "groups" &&
      oauth2?.scopeMappings === undefined &&
      "is a claim that no scope mapping sends. Use `groups`, which authentik's own mappings send, or add a scope mapping for your claim to `oauth2.scopeMappings`",
  ],
];

/** Whether the realm does not request this scope. authentik's default mappings then omit its claims. */
function lacksScope(scope: string | undefined, { options: { realm, oauth2 } }: Sso): boolean {
  const scopes = realm?.scopes;
  if (scope === undefined || typeof scopes !== "string") return false;
  return oauth2?.scopeMappings === undefined && !scopes.split(/\s+/).includes(scope);
}

/** Options that servers of these versions lack. If the version is unknown, no option is refused. */
export function whatVersionsLack(
  { realm = {}, application = {}, oauth2 = {} }: Pick<Sso["options"], "realm" | "application" | "oauth2">,
  versions: { readonly authentik?: string | undefined; readonly proxmox?: string | undefined },
): Mistake[] {
  const authentik = authentikVersionIn(versions.authentik ?? "") ?? "";
  const { proxmox = "" } = versions;
  const lacking = {
    oauth2: lackingOptions("authentik", authentik, authentikVersions.oauth2Provider, oauth2),
    application: lackingOptions("authentik", authentik, authentikVersions.application, application),
    realm: lackingOptions("Proxmox VE", proxmox, proxmoxVersions.openIdRealm, realm),
  };
  return Object.entries(lacking).flatMap(([part, sentences]) =>
    sentences.map((sentence) => {
      const [, option = "", message = ""] = /^`(\w+)` (.*)$/s.exec(sentence) ?? [];
      return { path: `${part}.${option}`, message: `${message}: remove it, or upgrade` };
    }),
  );
}
