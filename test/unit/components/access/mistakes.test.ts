import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type AccessContext, readAccess } from "../../../../components/access/mistakes";
import rolesByRelease from "../../../../lab/proxmox/access/built-in-roles.json";
import { builtInRoles } from "../../../../providers/proxmox/builtInRoles";

const context: AccessContext = { realm: "authentik", allowEveryone: false, ownRoles: ["Operator"] };

const right: [what: string, access: unknown, changes?: Partial<AccessContext>][] = [
  ["one role", { "pve-admins": { "/": "Administrator" } }],
  [
    "several roles and paths",
    { users: { "/vms/100": ["PVEVMUser", "Operator"], "/storage/local": "PVEDatastoreUser" } },
  ],
  ["roles that stay at their path", { users: { "/pool/test": { role: "PVEAuditor", propagate: false } } }],
  ["a role that may exist on the server", { users: { "/": "Custom" } }],
  ["a group of another name on Proxmox", { "authentik Admins": { as: "admins", "/": "Administrator" } }],
  ["a group that may only log in", { guests: {} }],
  ["nothing, for everybody", {}, { allowEveryone: true }],
  ["nothing said, for everybody", undefined, { allowEveryone: true }],
  ["a Proxmox with groups claim", { users: { "/": "PVEAuditor" } }, { proxmoxVersion: "8.4" }],
  [
    "members for one without",
    { users: { "/": "PVEAuditor", members: ["alice"] } },
    { proxmoxVersion: "8.3" },
  ],
];

const wrong: [what: string, access: unknown, expected: RegExp, changes?: Partial<AccessContext>][] = [
  ["no access at all", {}, /^is empty\. Declare which groups.*Or set `allowEveryone: true`/],
  ["access that was not said", undefined, /^is empty/],
  ["no groups", "Administrator", /^must be groups with roles by path/],
  ["a role instead of paths", { admins: "Administrator" }, /^"admins" /],
  [
    "something that is neither path nor option",
    { admins: { vms: "PVEVMUser" } },
    /"admins" has "vms", which is not an ACL path/,
  ],
  ["a number as a role", { admins: { "/": 1 } }, /"admins" at "\/" must be a role/],
  [
    "a malformed path",
    { admins: { "/virtual/100": "PVEVMUser" } },
    /"admins" has a wrong path: "\/virtual\/100" is not a path.*It accepts \/, .*\/vms\/\{vmid\}/,
  ],
  [
    "a name that Proxmox refuses",
    { "authentik Admins": { "/": "Administrator" } },
    /"authentik Admins" cannot be the name.*`as: "authentik-Admins"`/,
  ],
  ["letters other than ASCII", { Büro: { "/": "PVEAuditor" } }, /`as: "Buro"`/],
  ["a mapped name that is no better", { a: { as: "a b", "/": "PVEAuditor" } }, /`as: "a-b"`/],
  [
    "one name for two groups",
    { a: { "/": "PVEAuditor" }, b: { as: "a", "/vms": "PVEVMUser" } },
    /"b" has the name "a" on Proxmox, like another group/,
  ],
  ["a role that Proxmox does not have", { a: { "/": "PVEVmUser" } }, /which Proxmox writes "PVEVMUser"/],
  [
    "an unknown role of its own",
    { a: { "/": "PVEOperator" } },
    /Its own roles are Administrator, .*PVEVMUser/,
  ],
  ["a name that no role has", { a: { "/": "VM User" } }, /which is not a name of a role/],
  [
    "a member with a space",
    { a: { "/": "PVEAuditor", members: ["al ice"] } },
    /"al ice", who cannot log in.*no space/,
  ],
  [
    "a member with a slash",
    { a: { "/": "PVEAuditor", members: ["al/ice"] } },
    /who cannot log in.*no space, `\/`/,
  ],
  ["a member with an umlaut", { a: { "/": "PVEAuditor", members: ["jürgen"] } }, /only ASCII/],
  ["a long member", { a: { "/": "PVEAuditor", members: ["a".repeat(55)] } }, /at most 64 characters/],
  [
    "members for some groups only",
    { a: { "/": "PVEAuditor", members: ["alice"] }, b: { "/": "PVEAuditor" } },
    /"b" has no `members`, but other groups have/,
  ],
  [
    "a Proxmox without groups claim",
    { a: { "/": "PVEAuditor" } },
    /^needs Proxmox VE 8\.4.*and this is 8\.3,.*Upgrade\. Or list the users under `members`/,
    { proxmoxVersion: "8.3" },
  ],
];

suite("a valid declaration of access", () => {
  for (const [what, access, changes] of right) {
    test(what, () => assert.deepEqual(readAccess(access, { ...context, ...changes }).mistakes, []));
  }
});

suite("an invalid declaration of access has one message with the fix", () => {
  for (const [what, access, expected, changes] of wrong) {
    test(what, () => {
      const mistakes = readAccess(access, { ...context, ...changes }).mistakes;
      assert.equal(mistakes.length, 1, mistakes.join("\n"));
      assert.match(mistakes[0] ?? "", expected);
    });
  }
});

test("the built-in roles are those of recorded servers", () => {
  const recorded = new Set(Object.values(rolesByRelease).flatMap((roles) => Object.keys(roles)));
  assert.deepEqual([...builtInRoles].sort(), [...recorded].sort());
});
