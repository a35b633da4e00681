import assert from "node:assert/strict";
import type { Fault } from "./fault";
import type { Lab } from "./lab";

const adminsOnProxmox = "pve-admins-authentik";

async function renameGroup(lab: Lab, from: string, to: string): Promise<void> {
  const pk = await lab.inAuthentik.groupNamed(from);
  await lab.inAuthentik.call("PATCH", `core/groups/${pk}/`, { name: to });
}

/** Faults in who may log in, and in their permissions. */
export const accessFaults: readonly Fault[] = [
  {
    name: "a token that lacks two privileges",
    plant: async (lab) => {
      const privs = "Realm.Allocate,User.Modify,Permissions.Modify,Sys.Audit";
      await lab.inProxmox("POST", "/access/roles", { roleid: "SsoSetup", privs });
      await lab.inProxmox("POST", "/access/users", { userid: "pulumi@pve" });
      await lab.inProxmox("PUT", "/access/acl", { path: "/access", roles: "SsoSetup", users: "pulumi@pve" });
    },
    config: async (lab) => {
      const token = await lab.inProxmox("POST", "/access/users/pulumi@pve/token/sso", { privsep: "0" });
      return { proxmoxToken: `${token["full-tokenid"]}=${token.value}` };
    },
    undo: async (lab) => {
      await lab.inProxmox("DELETE", "/access/users/pulumi@pve");
      await lab.inProxmox("DELETE", "/access/roles/SsoSetup");
    },
    check: "Proxmox privileges",
    cluster: "sso",
    says: new RegExp(
      [
        "lacks Group\\.Allocate on /access/groups \\(for `access`\\), Permissions\\.Modify on / \\(for `access`\\), ",
        "Permissions\\.Modify on /vms",
        "pveum role modify SsoSetup --append 1 --privs Group\\.Allocate\n",
        "pveum acl modify /access --users 'pulumi@pve' --tokens 'pulumi@pve!sso' --roles SsoSetup\n",
        "pveum role modify SsoGrant --append 1 --privs Permissions\\.Modify\n",
        "pveum acl modify / --users",
      ].join(".*"),
      "s",
    ),
  },
  {
    name: "a token that may change the permissions of a machine, and give only what it has itself",
    plant: async (lab) => {
      const setup =
        "Realm.Allocate,Realm.AllocateUser,User.Modify,Group.Allocate,Permissions.Modify,Sys.Audit";
      const roles = { SsoSetup: ["/access", setup], Machines: ["/vms", "VM.Allocate,VM.Audit"] };
      await lab.inProxmox("POST", "/access/users", { userid: "pulumi@pve" });
      for (const [roleid, [path = "", privs = ""]] of Object.entries(roles)) {
        await lab.inProxmox("POST", "/access/roles", { roleid, privs });
        await lab.inProxmox("PUT", "/access/acl", { path, roles: roleid, users: "pulumi@pve" });
      }
    },
    config: async (lab) => {
      const token = await lab.inProxmox("POST", "/access/users/pulumi@pve/token/sso", { privsep: "0" });
      const access = JSON.stringify({ "berlin-devs": { "/vms/100": "PVEVMUser" } });
      return { proxmoxToken: `${token["full-tokenid"]}=${token.value}`, access };
    },
    undo: async (lab) => {
      await lab.inProxmox("DELETE", "/access/users/pulumi@pve");
      for (const role of ["SsoSetup", "Machines"]) await lab.inProxmox("DELETE", `/access/roles/${role}`);
    },
    made: { realms: ["berlin"] },
    besides: "Realm",
    check: "Proxmox privileges",
    cluster: "sso",
    says: /may not grant PVEVMUser on \/vms\/100: without Permissions\.Modify.*pveum acl modify \/vms\/100 /s,
  },
  {
    name: "a killed proof has left its user on both servers",
    plant: async (lab) => {
      const [username, path] = ["sso-proof-0123456789", "proxmox-authentik-sso/proof/proxmox"];
      await lab.inAuthentik.call("POST", "core/users/", { username, name: username, path });
      await lab.inAuthentik.call("POST", "core/users/", { username: "sso-proof-person", name: "A person" });
      await lab.inProxmox("POST", "/access/users", { userid: `${username}@authentik` });
    },
    undo: async (lab) => {
      const users = await lab.inAuthentik.list("core/users/");
      const left = users.filter((user) => /^sso-proof/.test(String(user.username)));
      assert.deepEqual(
        left.map(({ username }) => username),
        ["sso-proof-person"],
      );
      await lab.inAuthentik.call("DELETE", `core/users/${left[0]?.pk}/`);
      const onProxmox = Object.values(await lab.inProxmox("GET", "/access/users"));
      assert.ok(!onProxmox.some((user) => /^sso-proof/.test(Object(user).userid)));
    },
    level: "warn",
    check: "User of the proof",
    cluster: "sso",
    says: /had left sso-proof-0123456789, sso-proof-0123456789@authentik\. Nobody could log in/,
  },
  {
    name: "a declared group is not in authentik",
    config: (lab) => ({ access: JSON.stringify({ ...lab.access, "ops-team": {} }) }),
    check: "Access in authentik",
    cluster: "sso",
    says: /authentik has no group "ops-team".*pulumi up/s,
  },
  {
    name: "a declared group is not bound to the application",
    config: (lab) => ({ access: JSON.stringify({ ...lab.access, "berlin-devs": {} }) }),
    check: "Access in authentik",
    says: /"berlin-devs" is not bound to the application: its members cannot log in/,
  },
  {
    name: "somebody has renamed a group in authentik",
    groups: async (lab) => {
      const pk = await lab.inAuthentik.groupNamed("PVE Administrators");
      return { "pve-admins": { pk, reused: true } };
    },
    plant: async (lab) => renameGroup(lab, "pve-admins", "PVE Administrators"),
    undo: async (lab) => renameGroup(lab, "PVE Administrators", "pve-admins"),
    check: "Access in authentik",
    cluster: "sso",
    says: /"pve-admins" is now called "PVE Administrators" in authentik.*rename it in `access`.*get no rights/s,
  },
  {
    name: "no binding restricts the application",
    plant: (lab) => lab.inAuthentik.changeBindings({ enabled: false }),
    undo: (lab) => lab.inAuthentik.changeBindings({ enabled: true }),
    check: "Access in authentik",
    says: /everybody with an account in authentik may log in/,
  },
  {
    name: "the application demands all bindings",
    plant: (lab) =>
      lab.inAuthentik.call("PATCH", "core/applications/proxmox/", { policy_engine_mode: "all" }),
    undo: (lab) => lab.inAuthentik.call("PATCH", "core/applications/proxmox/", { policy_engine_mode: "any" }),
    check: "Access in authentik",
    says: /only members of all groups may log in/,
  },
  {
    name: "nothing keeps the application closed",
    plant: (lab) => lab.inAuthentik.changeClosingBinding({ enabled: false }),
    undo: (lab) => lab.inAuthentik.changeClosingBinding({ enabled: true }),
    level: "warn",
    check: "Access in authentik",
    says: /No binding keeps the application closed.*--replace '\*\*-only-bindings'/s,
  },
  {
    name: "a binding that was made by hand",
    plant: (lab) => lab.inAuthentik.bindUser(),
    undo: (lab) => lab.inAuthentik.unbindUser(),
    level: "warn",
    check: "Access in authentik",
    says: /has 1 more binding than `access` declares.*pulumi up/s,
  },
  {
    name: "a group is gone from Proxmox",
    plant: (lab) => lab.inProxmox("DELETE", `/access/groups/${adminsOnProxmox}`),
    undo: async (lab) => {
      await lab.inProxmox("POST", "/access/groups", { groupid: adminsOnProxmox });
      await lab.inProxmox("PUT", "/access/acl", {
        path: "/",
        roles: "Administrator",
        groups: adminsOnProxmox,
      });
    },
    check: "Access on Proxmox",
    cluster: "sso",
    says: /no group "pve-admins-authentik": the members of "pve-admins" may do nothing.*pulumi up/s,
  },
  {
    name: "a role was taken from a group",
    plant: (lab) =>
      lab.inProxmox("PUT", "/access/acl", {
        path: "/vms",
        roles: "PVEAuditor",
        groups: "admins-authentik",
        delete: "1",
      }),
    undo: (lab) =>
      lab.inProxmox("PUT", "/access/acl", { path: "/vms", roles: "PVEAuditor", groups: "admins-authentik" }),
    check: "Access on Proxmox",
    says: /"admins-authentik" does not have the role PVEAuditor on \/vms/,
  },
  {
    name: "a role was given to a group by hand",
    plant: (lab) =>
      lab.inProxmox("PUT", "/access/acl", { path: "/", roles: "PVEAdmin", groups: "admins-authentik" }),
    undo: (lab) =>
      lab.inProxmox("PUT", "/access/acl", {
        path: "/",
        roles: "PVEAdmin",
        groups: "admins-authentik",
        delete: "1",
      }),
    level: "warn",
    check: "Access on Proxmox",
    says: /"admins-authentik" has the role PVEAdmin on \/, which `access` does not declare.*pulumi up/s,
  },
  {
    name: "groups are not taken away at login",
    plant: (lab) => lab.realm({ "groups-overwrite": "0" }),
    undo: (lab) => lab.realm({ "groups-overwrite": "1" }),
    check: "Group claims",
    says: /groups-overwrite is off: users who leave a group in authentik keep its permissions/,
  },
  {
    name: "the realm takes groups from another claim",
    plant: (lab) => lab.realm({ "groups-claim": "groups" }),
    undo: (lab) => lab.realm({ "groups-claim": "proxmox_groups" }),
    check: "Group claims",
    says: /the claim "groups" instead of "proxmox_groups"/,
  },
  {
    name: "the claim leaves out a group",
    plant: (lab) => lab.inAuthentik.changeClaim('"pve-admins":', '"others":'),
    undo: (lab) => lab.inAuthentik.changeClaim('"others":', '"pve-admins":'),
    check: "Group claims",
    says: /claim "proxmox_groups" leaves out the group "pve-admins"/,
  },
  {
    name: "a member has a name that Proxmox cannot have",
    plant: (lab) => lab.inAuthentik.addMember("jürgen", "pve-admins"),
    undo: (lab) => lab.inAuthentik.removeUser("jürgen"),
    level: "warn",
    check: "Names of members",
    cluster: "sso",
    says: /"jürgen" is in one of the groups, but this user could not log in to Proxmox.*ASCII.*Rename the user/s,
  },
  {
    name: "the signing certificate expires next week",
    plant: (lab) => lab.inAuthentik.signBy(7),
    undo: (lab) => lab.inAuthentik.signByOurs(),
    level: "warn",
    check: "Signing certificate",
    cluster: "sso",
    says: /expires in [67] days\. Proxmox does not check this.*pulumi up.*renews it/s,
  },
  {
    name: "the signing certificate has expired",
    plant: (lab) => lab.inAuthentik.signBy(-1),
    undo: (lab) => lab.inAuthentik.signByOurs(),
    level: "warn",
    check: "Signing certificate",
    says: /signs ID tokens has expired/,
  },
  {
    name: "the signing certificate is in the window that the config gives",
    config: () => ({ signingRenewBeforeDays: "200" }),
    plant: (lab) => lab.inAuthentik.signBy(150),
    undo: (lab) => lab.inAuthentik.signByOurs(),
    level: "warn",
    check: "Signing certificate",
    says: /expires in 1(49|50) days/,
  },
];
