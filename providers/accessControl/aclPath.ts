import type { Product } from "./product";

const name = "[A-Za-z0-9_][A-Za-z0-9._-]*";

const placeholders: Readonly<Record<string, string>> = {
  name,
  names: `${name}(?:/${name})*`,
  // Namespaces of a datastore have up to seven levels.
  namespaces: `${name}(?:/${name}){0,6}`,
};

/** Why a product refuses a permission on this path. Undefined if it accepts one. */
export function problemWithAclPath({ aclPaths, shortName }: Product, path: string): string | undefined {
  const forms = aclPaths.map((form) => form.replace(/\{(\w+)\}/g, (_, key) => placeholders[key] ?? ""));
  if (new RegExp(`^(?:${forms.join("|")})$`).test(path) && path.length <= 128) return undefined;
  return `"${path}" is not a path that ${shortName} accepts in a permission. It accepts ${aclPaths.join(", ")}`;
}

/** Why a product lacks this role. Undefined if it has it. */
export function problemWithRole({ roles, shortName }: Product, role: string): string | undefined {
  if (roles.includes(role)) return undefined;
  return `${shortName} has no role "${role}", and custom roles do not exist there. It has ${roles.join(", ")}`;
}
