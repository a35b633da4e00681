import { type OtherProduct, productNames } from "../../providers/accessControl/products";
import { mappedName, proxmoxName } from "../../providers/proxmox/names";

export type ProductName = (typeof productNames)[number];

export interface Grant {
  readonly role: string;
  readonly path: string;
  readonly product: ProductName;
}

/** Roles on paths by group of authentik. Empty if everybody may log in, at first without permissions. */
export type Access = ReadonlyMap<string, readonly Grant[]>;

/**
 * Parses `group: role on path, role on path of backup; …`.
 * @param product the product of a grant that names none
 */
export function accessIn(answer: string, product: ProductName): Access {
  if (answer.trim() === "everyone") return new Map();
  const parts = answer.split(";").filter((part) => part.trim() !== "");
  return new Map(
    parts.map((part) => {
      const at = part.lastIndexOf(":");
      const name = part.slice(0, at).trim();
      if (at < 1 || name === "") {
        throw new Error(
          `"${part.trim()}" has no form like: pve-admins: Administrator on /; pve-users: PVEVMUser on /vms`,
        );
      }
      // `pulumi config set-all` splits key and value at the first `=`.
      if (name.includes("="))
        throw new Error("A group with = in its name has to be set in the config's file.");
      return [name, grantsIn(part.slice(at + 1), product)];
    }),
  );
}

function grantsIn(list: string, usual: ProductName): Grant[] {
  return list.split(",").map((part) => {
    const [, role, path, named = usual] = /^(\S+)\s+on\s+(\/\S*)(?:\s+of\s+(\S+))?$/.exec(part.trim()) ?? [];
    const product = productNames.find((known) => known === named);
    if (product === undefined)
      throw new Error(`"${named}" is not a product. The products are ${productNames.join(", ")}.`);
    if (role && path) return { role, path, product };
    throw new Error(`"${part.trim()}" has no form like: PVEVMUser on /vms`);
  });
}

/** The paths of the grants on a product. */
export function pathsIn(access: Access, product: ProductName): string[] {
  const grants = [...access.values()].flat().filter((grant) => grant.product === product);
  return [...new Set(grants.map(({ path }) => path))];
}

type Part = Record<string, string | string[]>;

/** The declaration of `access`. A role of Proxmox VE is next to the parts of the other products. */
export function declarationOf(
  access: Access,
): Record<string, Part & { as?: string } & Partial<Record<OtherProduct, Part>>> {
  return Object.fromEntries(
    [...access].map(([name, grants]) => {
      const of = (product: ProductName) => partOf(grants.filter((grant) => grant.product === product));
      const others = productNames.flatMap((product) =>
        product !== "ve" && grants.some((grant) => grant.product === product) ? [[product, of(product)]] : [],
      );
      const ve = of("ve");
      const isOnVe = Object.keys(ve).length > 0;
      return [name, { ...(isOnVe && asForProxmox(name)), ...ve, ...Object.fromEntries(others) }];
    }),
  );
}

/** Roles by path. Several roles on a path are a list. */
function partOf(grants: readonly Grant[]): Part {
  const byPath = new Map<string, string[]>();
  for (const { path, role } of grants) byPath.set(path, [...(byPath.get(path) ?? []), role]);
  return Object.fromEntries(
    [...byPath].map(([path, roles]) => [path, roles.length === 1 ? (roles[0] ?? "") : roles]),
  );
}

/** The nearest valid name for Proxmox VE, if the name is invalid there. */
function asForProxmox(name: string): { as?: string } {
  return proxmoxName.safeParse(name).success ? {} : { as: mappedName(name) || "group" };
}
