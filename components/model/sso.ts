import { otherProducts } from "../../providers/accessControl/products";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { closingGroupOf, groupsClaim } from "../access/claim";
import { isDeclaredByMembers } from "../access/groups";
import { readAccess } from "../access/mistakes";
import { issuerOf } from "./addresses";
import { defaults } from "./defaults";
import { type Mistake, type Resolution, withoutMistakes } from "./mistakes";
import { mistakesInForm } from "./plainValues";
import { forProduction, unfitAuthentik, unfitSso } from "./production";
import type { AuthentikFacts, Sso } from "./resolved";
import { whatCannotWork, whatVersionsLack } from "./rules";
import {
  inFormerName,
  inputsOfSso,
  inTodaysNames,
  isSsoOptions,
  type SsoOptions,
  ssoSchema,
} from "./ssoOptions";

/**
 * Resolves the options of one Proxmox. A mistake names the option as the user wrote it.
 * @param authentik undefined if its own options are wrong; the options of Proxmox are checked anyway
 */
export function resolveSso(name: string, given: unknown, authentik?: AuthentikFacts): Resolution<Sso> {
  const said = inTodaysNames(given);
  const resolution = resolveInTodaysNames(name, said, authentik);
  if (said === given || resolution.resolved) return resolution;
  const mistakes = resolution.mistakes.map(({ path, message }) => ({ path: inFormerName(path), message }));
  return { resolved: undefined, mistakes };
}

function resolveInTodaysNames(name: string, given: unknown, authentik?: AuthentikFacts): Resolution<Sso> {
  const ofForm = mistakesInForm(ssoSchema, given, inputsOfSso);
  const { data: right } = ssoSchema.safeParse(withoutMistakes(given, ofForm));
  if (!isSsoOptions(right)) return { resolved: undefined, mistakes: ofForm };
  const [sso, inAccess] = describe(name, right, authentik?.origin ?? "https://unknown.invalid");
  const isWrong = (path: string) => ofForm.some((one) => `${one.path}.`.startsWith(`${path}.`));
  const mistakes = [
    ...ofForm,
    ...[
      ...whatCannotWork(sso),
      ...inAccess.map((message) => ({ path: "access", message })),
      ...whatVersionsLack(right, { authentik: authentik?.version, proxmox: right.proxmox.version }),
      ...(right.production ? unfit(sso, authentik) : []),
    ].filter(({ path }) => !isWrong(path)),
  ];
  return mistakes.length === 0 ? { resolved: sso, mistakes: [] } : { resolved: undefined, mistakes };
}

function describe(name: string, options: SsoOptions, origin: string): [Sso, readonly string[]] {
  const { proxmox, realm: realmOptions, application, ...parsed } = ssoSchema.parse(options);
  const {
    addresses,
    apiUrl = addresses[0] ?? "",
    caCertificate,
    fingerprint,
    product: productName = "ve",
    login,
  } = proxmox;
  const product = productName === "ve" ? undefined : productName;
  // Their default is in the product, and the proof of login has to use the same token.
  const tokenConfigKey = proxmox.tokenConfigKey ?? (product && otherProducts[product].tokenConfigKey);
  const realm = realmOptions?.name ?? defaults.realm;
  const slug = application?.slug ?? defaults.application.slug;
  const { allowEveryone = false, exclusiveAccess = true, roles = {} } = parsed;
  const usernameClaim = openIdRealmDefinition.inputs.shape.usernameClaim.parse(realmOptions?.usernameClaim);
  const { groups, mistakes } = readAccess(options.access, {
    realm,
    allowEveryone,
    product,
    usernameClaim,
    proxmoxVersion: proxmox.version,
    ownRoles: Object.keys(roles),
  });
  const sso = {
    name,
    options,
    product,
    addresses,
    connection: {
      url: apiUrl,
      ...(caCertificate && { caCertificate }),
      ...(fingerprint && { fingerprint }),
      ...(tokenConfigKey && { tokenConfigKey }),
      ...(login && { login }),
    },
    realm,
    usernameClaim,
    slug,
    title:
      typeof application?.name === "string"
        ? application.name
        : product
          ? otherProducts[product].name
          : defaults.application.name,
    issuerUrl: issuerOf(origin, slug),
    groups,
    groupsClaim: groups.length > 0 && !product && !isDeclaredByMembers(groups) ? groupsClaim : undefined,
    allowEveryone,
    exclusiveAccess,
    roles,
    names: {
      signing: `${slug} signing (proxmox-authentik-sso)`,
      claim: `${slug} groups (proxmox-authentik-sso)`,
      closed: closingGroupOf(slug),
      // Proxmox shows this comment as the realm's name on its login page.
      realmComment: `${realm} (single sign-on)`,
    },
  };
  return [sso, mistakes];
}

/** Settings that are only acceptable in a lab. */
function unfit(sso: Sso, authentik: AuthentikFacts | undefined): Mistake[] {
  const ofAuthentik = authentik ? unfitAuthentik(authentik) : [];
  return forProduction([
    ...ofAuthentik.map(({ path, message }) => ({ path: `authentik.${path}`, message })),
    ...unfitSso(sso),
  ]);
}
