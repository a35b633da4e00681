import { ApiError } from "./errors";
import type { Node } from "./node";

/** Privileges on a path, with whether each also applies below it. */
type Privileges = ReadonlyMap<string, boolean>;

const none: Privileges = new Map();

export function userOfToken(id: string): string {
  return /^(.*@[^@!]*)!/.exec(id)?.[1] ?? id;
}

export function isToken(id: string): boolean {
  return userOfToken(id) !== id;
}

/** Privileges of a user or token on a path. A token has only privileges that its user has too. */
export function privilegesOf(node: Node, id: string, path: string): Privileges {
  if (!isActive(node, userOfToken(id))) return none;
  const own = rolesOn(node, id, path);
  if (!isToken(id)) return id === "root@pam" ? all(node) : own;
  const ofUser = userOfToken(id) === "root@pam" ? all(node) : rolesOn(node, userOfToken(id), path);
  return new Map([...own].filter(([privilege]) => ofUser.has(privilege)));
}

export function require(node: Node, id: string, path: string, privilege: string): void {
  if (!has(node, id, path, privilege)) throw new ApiError(403, "permission check failed");
}

export function has(node: Node, id: string, path: string, privilege: string): boolean {
  return privilegesOf(node, id, path).has(privilege);
}

export function isActive({ store, clock }: Node, userid: string): boolean {
  const user = store.users.get(userid);
  const expire = Number(user?.options.expire ?? 0);
  return user !== undefined && user.options.enable !== false && (expire === 0 || expire * 1000 > clock.now());
}

function all({ product }: Node): Privileges {
  const privileges = Object.values(product.roles).flatMap(({ privs }) => privs);
  return new Map(privileges.map((privilege) => [privilege, true]));
}

/** Roles on a path replace those above it. */
function rolesOn({ store, product }: Node, id: string, path: string): Privileges {
  const steps = path.split("/").filter((step) => step !== "");
  let found: readonly { role: string; propagate: boolean }[] = [];
  for (let depth = 0; depth <= steps.length; depth++) {
    const at = `/${steps.slice(0, depth).join("/")}`;
    const here = store.acl.all.filter(
      (line) => line.path === at && line.id === id && (line.propagate || depth === steps.length),
    );
    if (here.length > 0) found = here;
  }
  const entries = found.flatMap(({ role, propagate }) =>
    (product.roles[role]?.privs ?? []).map((privilege) => [privilege, propagate] as const),
  );
  const privileges = new Map<string, boolean>();
  for (const [privilege, propagate] of entries) {
    privileges.set(privilege, propagate || (privileges.get(privilege) ?? false));
  }
  return privileges;
}

/** Every path with an entry, and its parent paths. */
export function pathsWithEntries({ store, product }: Node): string[] {
  const below = store.acl.all.flatMap(({ path }) => {
    const steps = path.split("/").filter((step) => step !== "");
    return steps.map((_, index) => `/${steps.slice(0, index + 1).join("/")}`);
  });
  return [...new Set([...product.topPaths, ...below])].sort();
}
