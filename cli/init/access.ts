import { readAccess } from "../../components/access/mistakes";
import { defaults } from "../../components/model/defaults";
import { otherProducts } from "../../providers/accessControl/products";
import { UserError } from "../../providers/core/errors";
import { aclPath } from "../../providers/proxmox/aclPath";
import { privilegesNeeded } from "../../providers/proxmox/privileges";
import { pathsOf } from "../stack/config-paths";
import { type Access, accessIn, declarationOf, type ProductName, pathsIn } from "./access-answer";
import type { Terminal } from "./ask";
import { unlessRefused } from "./cluster-ca";
import type { AskedOther } from "./other-product";
import type { AskedProxmox } from "./proxmox";
import { nothing, type Values } from "./values";

/** A product on which groups get roles. */
interface Place {
  readonly product: ProductName;
  readonly roles: readonly string[];
  readonly paths: readonly string[];
  readonly adminRole: string;
  /** Fails if the credential lacks privileges for roles on these paths. */
  requirePrivileges(paths: readonly string[]): Promise<void>;
}

interface AskedAccess {
  readonly values: Values;
  /** Paths of Proxmox VE. */
  readonly paths: readonly string[];
}

/** Asks who may log in and with which permissions. Offers the roles and paths of the servers. */
export async function askForAccess(
  terminal: Terminal,
  proxmox: AskedProxmox | undefined,
  others: readonly AskedOther[],
): Promise<AskedAccess> {
  const ofOthers = [...new Set(others.map(({ product }) => product))].map(otherPlace);
  const places = [...(proxmox ? [await placeOf(proxmox)] : []), ...ofOthers];
  const usual = places[0]?.product ?? "ve";
  for (const { product, roles, paths } of places) {
    const title = product === "ve" ? "this Proxmox" : `the ${otherProducts[product].shortName}`;
    const example = product === usual ? "" : `\nWrite for example: ${roles[0]} on / of ${product}`;
    terminal.note(`Roles: ${wrapped(roles)}\nPaths: ${wrapped(paths)}${example}`, `What ${title} has`);
  }
  const suggestion = suggestionFor(places);
  const answer = await terminal.text({
    flag: "access",
    message:
      'Which groups of authentik may log in, with which roles on which paths? Groups that do not exist are made. ("everyone": everybody with an account, without rights at first)',
    placeholder: suggestion,
    suggestion,
    check: async (typed) => {
      const access = accessIn(typed, usual);
      for (const place of places) {
        requireRight(access, place);
        await place.requirePrivileges(pathsIn(access, place.product));
      }
      requireKnown(access, places);
    },
  });
  const access = accessIn(answer, usual);
  const plain = access.size === 0 ? { allowEveryone: "true" } : pathsOf("access", declarationOf(access));
  return { values: { ...nothing, plain }, paths: pathsIn(access, "ve") };
}

async function placeOf(proxmox: AskedProxmox): Promise<Place> {
  const { client } = proxmox;
  const roles = (await client.roles()).map(({ roleid }) => roleid).sort();
  const used = (await unlessRefused(client.acl())) ?? [];
  return {
    product: "ve",
    roles,
    paths: [...new Set(["/", "/vms", "/nodes", "/storage", "/pool/<name>", ...used.map(({ path }) => path)])],
    adminRole: "Administrator",
    requirePrivileges: (paths) => requirePrivileges(proxmox, paths),
  };
}

/** The credential of another product has been checked: what it needs does not depend on the access. */
function otherPlace(product: AskedOther["product"]): Place {
  const { roles, aclPaths, adminRole } = otherProducts[product];
  return {
    product,
    roles,
    paths: aclPaths
      .filter((path) => /^\/[^/]*(\/\{names?\})?$/.test(path))
      .map((path) => path.replace(/\{names?\}/, "<name>")),
    adminRole,
    requirePrivileges: async () => {},
  };
}

function suggestionFor(places: readonly Place[]): string {
  const [first] = places;
  if (first === undefined) return "";
  const grants = places.map(
    (place) => `${place.adminRole} on /${place === first ? "" : ` of ${place.product}`}`,
  );
  return `${first.product === "ve" ? "pve" : first.product}-admins: ${grants.join(", ")}`;
}

function wrapped(names: readonly string[]): string {
  return names.join(", ").replace(/(.{45,90}?, )/g, "$1\n  ");
}

function requireRight(access: Access, { product, roles, adminRole }: Place): void {
  const grants = [...access.values()].flat().filter((grant) => grant.product === product);
  if (access.size > 0 && grants.length === 0) {
    throw new Error(
      `Nobody may log in to ${nameOf(product)}: add for example ${adminRole} on / of ${product}`,
    );
  }
  const context = {
    realm: defaults.realm,
    allowEveryone: access.size === 0,
    product: product === "ve" ? undefined : product,
    ownRoles: [],
  };
  const [mistake] = readAccess(declarationOf(access), context).mistakes;
  if (mistake) throw new Error(mistake);
  const unknown = grants.find(({ role }) => !roles.includes(role));
  if (unknown)
    throw new Error(`${nameOf(product)} has no role "${unknown.role}". It has ${roles.join(", ")}.`);
}

function nameOf(product: ProductName): string {
  return product === "ve" ? "Proxmox VE" : otherProducts[product].shortName;
}

function requireKnown(access: Access, places: readonly Place[]): void {
  const known = places.map(({ product }) => product);
  const elsewhere = [...access.values()].flat().find(({ product }) => !known.includes(product));
  if (elsewhere) throw new Error(`No address of "${elsewhere.product}" was given: leave out its roles.`);
}

/** root may do everything. A token needs the privileges for this access. */
async function requirePrivileges({ client, isRoot }: AskedProxmox, paths: readonly string[]): Promise<void> {
  if (isRoot) return;
  const grantsOn = paths.map((path) => aclPath.parse(path));
  const uses = {
    realm: defaults.realm,
    grantsOn,
    isExclusive: true,
    ownRoles: false,
    users: true,
    nodes: false,
  };
  const needs = privilegesNeeded(uses);
  const missing: typeof needs = [];
  for (const need of needs) {
    if (!(await client.mayOn(need.path, need.privileges))) missing.push(need);
  }
  if (missing.length === 0) return;
  const list = missing.map(({ path, privileges }) => `${privileges.join(" or ")} on ${path}`).join(", ");
  throw new UserError(`The API token lacks ${list}. ${client.howToGrant(missing)}`);
}
