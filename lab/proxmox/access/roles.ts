import type { Profile } from "../versions";
import recorded from "./built-in-roles.json";

/** Recorded from real servers: roles with comma-separated privileges, by major release. */
const builtInRoles: Record<string, Record<string, string>> = recorded;

export const privileges = new Set(
  Object.values(builtInRoles).flatMap((roles) => (roles.Administrator ?? "").split(",")),
);

export function builtInRolesOf(profile: Profile): Record<string, string[]> {
  const roles = builtInRoles[profile.release.split(".")[0] ?? ""] ?? {};
  return Object.fromEntries(
    Object.entries(roles).map(([role, list]) => [role, list === "" ? [] : list.split(",")]),
  );
}
