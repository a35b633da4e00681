/** Roles by path of each group. */
export const asAdmin = { "/": "Administrator" };
export const asUser = { "/vms": "PVEVMUser", "/storage/local": "PVEDatastoreUser" };

/** Stack config. akadmin, the user of the proof, is in a default group of authentik. */
export const accessOfAdmins = {
  'access["authentik Admins"].as': "admins",
  'access["authentik Admins"]["/"]': "PVEAuditor",
};

export const accessOfTwoGroups = {
  ...accessOfAdmins,
  ...declared("pve-admins", asAdmin),
  ...declared("pve-users", asUser),
};

function declared(group: string, roles: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(roles).map(([path, role]) => [`access["${group}"]["${path}"]`, role]),
  );
}
