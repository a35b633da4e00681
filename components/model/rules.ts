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
  `does not exist on ${otherProducts[product].shortName}: leave it out`;

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
      product && proxmox.version !== undefined && "is for Proxmox VE only: leave it out",
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
      'is missing: list the addresses people open Proxmox at, e.g. ["https://pve.example.com:8006"]. With no redirect URI authentik stores the first one that anybody sends',
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
      "is set: Proxmox cannot read encrypted ID tokens and only says 401. Leave it out, whatever a guide says",
  ],
  [
    "oauth2.issuerMode",
    ({ options: { oauth2 } }) =>
      oauth2?.issuerMode === "global" &&
      'is "global": Proxmox looks for discovery below the issuer, where a global one has none. Leave it out',
  ],
  [
    "oauth2.scopeMappings",
    ({ options: { oauth2 } }) =>
      Array.isArray(oauth2?.scopeMappings) &&
      oauth2.scopeMappings.length === 0 &&
      "is empty: without the openid and profile mappings there is no claim for the user name. Leave it out",
  ],
  [
    "realm.scopes",
    (sso) =>
      lacksScope(usableClaims[sso.usernameClaim], sso) &&
      "lacks the scope of the claim `realm.usernameClaim`, so that every login would fail: authentik emits email in the scope `email`, the others in `profile`. Add it, or leave `scopes` out",
  ],
  [
    "realm.scopes",
    (sso) =>
      sso.options.realm?.groupsClaim === "groups" &&
      lacksScope("profile", sso) &&
      "lacks `profile`, in which authentik emits the claim `groups`: Proxmox would learn no groups. Add it, or leave `scopes` out",
  ],
  [
    "realm.queryUserinfo",
    ({ options: { realm, oauth2 } }) =>
      realm?.queryUserinfo === false &&
      oauth2?.includeClaimsInIdToken === false &&
      "and `oauth2.includeClaimsInIdToken` are both off, so that no claim reaches Proxmox and every login would fail: leave one of them out",
  ],
  [
    "application.policyEngineMode",
    ({ options: { application }, groups }) =>
      application?.policyEngineMode === "all" &&
      groups.length > 1 &&
      'is "all" with several groups in `access`: only who is in all of them could log in. Leave it out',
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
      "is a claim that nothing emits: authentik's own mappings emit `groups`. Use that, or add a scope mapping that emits it to `oauth2.scopeMappings`",
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
