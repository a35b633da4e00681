import assert from "node:assert/strict";
import type { Fault } from "./fault";
import type { Lab } from "./lab";

/** Objects of these tests in authentik, which are removed after each. */
const name = "doctor-administrators";

async function remove(lab: Lab): Promise<void> {
  const kinds = [
    "flows/instances",
    "stages/user_write",
    "stages/invitation/stages",
    "sources/oauth",
    "core/groups",
  ];
  for (const kind of kinds) {
    for (const one of await lab.inAuthentik.list(`${kind}/`)) {
      if (one.name !== name) continue;
      const key = /flows|sources/.test(kind) ? one.slug : one.pk;
      await lab.inAuthentik.call("DELETE", `${kind}/${key}/`);
    }
  }
}

/** A flow with which people register. */
async function enrolInto(lab: Lab, group: string, designation = "enrollment"): Promise<unknown> {
  const api = lab.inAuthentik;
  const flow = { name, slug: name, title: name, designation };
  const { pk: target } = await api.call("POST", "flows/instances/", flow);
  const { pk: stage } = await api.call("POST", "stages/user_write/", { name, create_users_group: group });
  await api.call("POST", "flows/bindings/", { target, stage, order: 0 });
  return target;
}

async function source(lab: Lab, more: object = {}): Promise<string> {
  return String((await lab.inAuthentik.call("POST", "sources/oauth/", { name, slug: name, ...more })).pk);
}

const found = { undo: remove, level: "warn", check: "Administrators", cluster: "sso" } as const;
const may = 'The members of "pve-admins" may do everything on this Proxmox \\(Administrator on /\\), and ';

/** Ways in which people join a group that may do everything. */
export const administratorsFaults: readonly Fault[] = [
  {
    name: "whoever registers becomes an administrator of Proxmox, by a group below the declared one",
    plant: async (lab) => {
      const parent = await lab.inAuthentik.groupNamed("pve-admins");
      const { pk } = await lab.inAuthentik.call("POST", "core/groups/", { name, parents: [parent] });
      await enrolInto(lab, String(pk));
    },
    ...found,
    says: new RegExp(
      `^${may}the enrolment flow "${name}" adds everybody who registers with it\\.\nIf you trust that way`,
    ),
  },
  {
    name: "a directory fills the group of administrators, and each other source adds by name",
    plant: async (lab) => {
      const group = await lab.inAuthentik.groupNamed("pve-admins");
      await lab.authentik.fillFromSource(group, await source(lab, { group_matching_mode: "name_link" }));
    },
    ...found,
    says: new RegExp(
      `^${may}the source "${name}" fills it from outside; the source "${name}" adds everybody whose directory names a group "pve-admins"\\.`,
    ),
  },
  {
    name: "an LDAP source of an earlier release fills the group of administrators",
    plant: async (lab) => setAttributes(lab, { ldap_uniq: "cn=pve-admins" }),
    undo: (lab) => setAttributes(lab, {}),
    level: "warn",
    check: "Administrators",
    says: new RegExp(`^${may}an LDAP source fills it from outside\\.`),
  },
];

async function setAttributes(lab: Lab, attributes: object): Promise<void> {
  const group = await lab.inAuthentik.groupNamed("pve-admins");
  const { attributes: before } = await lab.inAuthentik.call("GET", `core/groups/${group}/`);
  const { ldap_uniq: _, ...others } = Object(before);
  await lab.inAuthentik.call("PATCH", `core/groups/${group}/`, { attributes: { ...others, ...attributes } });
}

/** Objects that look like such a way, and are harmless. */
export const harmless: readonly Pick<Fault, "name" | "plant" | "undo">[] = [
  {
    name: "an enrolment flow that takes an invitation",
    plant: async (lab) => {
      const target = await enrolInto(lab, await lab.inAuthentik.groupNamed("pve-admins"));
      const { pk: stage } = await lab.inAuthentik.call("POST", "stages/invitation/stages/", { name });
      assert.ok(stage);
      await lab.inAuthentik.call("POST", "flows/bindings/", { target, stage, order: 1 });
    },
    undo: remove,
  },
  {
    name: "a flow that is not for registering, an enrolment into another group, and a source that matches by its own ids",
    plant: async (lab) => {
      await enrolInto(lab, await lab.inAuthentik.groupNamed("pve-admins"), "recovery");
      const { pk } = await lab.inAuthentik.call("POST", "core/groups/", { name });
      await lab.authentik.fillFromSource(String(pk), await source(lab));
    },
    undo: remove,
  },
];
