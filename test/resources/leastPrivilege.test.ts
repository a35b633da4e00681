import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, suite, test } from "node:test";
import type { AnyDefinition } from "../../providers/core/definition";
import { UserError } from "../../providers/core/errors";
import { aclDefinition } from "../../providers/proxmox/acl";
import { clusterNodesDefinition } from "../../providers/proxmox/clusterNodes";
import { exclusivePermissionsDefinition } from "../../providers/proxmox/exclusivePermissions";
import { groupDefinition } from "../../providers/proxmox/group";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { privilegesNeeded } from "../../providers/proxmox/privileges";
import { roleDefinition } from "../../providers/proxmox/role";
import { userDefinition } from "../../providers/proxmox/user";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { joinedRealm } from "./joined-realm";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, providerOf } from "./simulators";

const guide = readFileSync(resolve(__dirname, "../../docs/your-servers.md"), "utf8");

/** The expression of docs/your-servers.md, as its first group. */
function inGuide(line: RegExp): string[] {
  const [, privileges, ...others] = line.exec(guide) ?? [];
  assert.ok(privileges && others.length === 0, String(line));
  return privileges.split(",");
}

/**
 * The privileges that docs/your-servers.md grants on each path: by two roles, and by two optional additions.
 */
const roles: Readonly<Record<string, string[]>> = {
  "/access": [
    ...inGuide(/role add SsoSetup --privs "(.+)"/),
    ...inGuide(/\(`roles`\) need `([\w.]+)` on `\/access`/),
  ],
  "/": [
    ...inGuide(/role add SsoGrant --privs "(.+)"/),
    ...inGuide(/`proxmoxNodeAddress`\s+needs `([\w.]+)` on `\/`/),
  ],
};

suite("the token of docs/your-servers.md", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");
  const password = "p4ssword-of-akadmin";
  let chain: Promise<Properties> | undefined;
  const chained = () => (chain ??= joinedRealm(authentik, proxmox));

  /** What an `up` creates of each kind, how it then changes it, and what must exist before. */
  const kinds: Record<string, { definition: AnyDefinition; given: Properties; change?: Properties }> = {
    realm: {
      definition: openIdRealmDefinition,
      given: {
        realm: "least",
        issuerUrl: "https://auth.example.com/",
        clientId: "least",
        usersOnDelete: "remove",
      },
      change: { comment: "changed" },
    },
    group: { definition: groupDefinition, given: { group: "least" }, change: { comment: "changed" } },
    role: {
      definition: roleDefinition,
      given: { role: "Least", privileges: ["VM.Audit"] },
      change: { privileges: [] },
    },
    "roles on /": {
      definition: aclDefinition,
      given: { path: "/", role: "PVEAuditor", groups: ["there"] },
      change: { path: "/vms" },
    },
    "roles on /access": {
      definition: aclDefinition,
      given: { path: "/access", role: "PVEAuditor", groups: ["there"] },
      change: { path: "/access/realm" },
    },
    "no other roles": {
      definition: exclusivePermissionsDefinition,
      given: { permissions: [{ group: "with-more", role: "PVEAuditor", path: "/vms" }] },
      change: { permissions: [{ group: "with-more", role: "PVEAuditor", path: "/storage" }] },
    },
    user: {
      definition: userDefinition,
      given: { userId: "least@authentik", groups: ["there"] },
      change: { comment: "changed" },
    },
    nodes: { definition: clusterNodesDefinition, given: { address: "https://{node}.example.com" } },
    proof: {
      definition: loginProofDefinition,
      given: { testUser: { username: "akadmin", passwordConfigKey: "testPassword" } },
    },
  };

  const root = (method: string, path: string, parameters?: Record<string, string>) =>
    proxmox.call(method, path, parameters);

  async function prepare(): Promise<void> {
    await chained();
    for (const groupid of ["there", "with-more"]) await root("POST", "/access/groups", { groupid });
    await root("PUT", "/access/acl", { path: "/vms", roles: "PVEAuditor", groups: "with-more" });
    for (const path of ["/", "/access"]) {
      await root("PUT", "/access/acl", { path, roles: "PVEAdmin", groups: "with-more" });
    }
  }

  async function clearAway(): Promise<void> {
    const names = async (kind: string, key: string) =>
      Object.values(await root("GET", `/access/${kind}`)).map((item) => String(Object(item)[key]));
    for (const id of await names("users", "userid"))
      if (id !== "root@pam") await root("DELETE", `/access/users/${id}`);
    for (const id of await names("groups", "groupid")) await root("DELETE", `/access/groups/${id}`);
    for (const id of await names("domains", "realm"))
      if (id === "least") await root("DELETE", `/access/domains/${id}`);
    for (const id of await names("roles", "roleid")) {
      if (/^(Sso|Least)/.test(id)) await root("DELETE", `/access/roles/${id}`);
    }
  }

  /** A token as in docs/your-servers.md, without one privilege. */
  async function tokenWithout(path?: string, privilege?: string, privsep = "0"): Promise<string> {
    await root("POST", "/access/users", { userid: "pulumi@pve" });
    const token = await root("POST", "/access/users/pulumi@pve/token/sso", { privsep });
    for (const [at, all] of Object.entries(roles)) {
      const roleid = at === "/access" ? "SsoSetup" : "SsoGrant";
      const privs = all.filter((each) => at !== path || each !== privilege).join(",");
      await root("POST", "/access/roles", { roleid, privs });
      const tokens: Record<string, string> = privsep === "1" ? { tokens: "pulumi@pve!sso" } : {};
      await root("PUT", "/access/acl", { path: at, roles: roleid, users: "pulumi@pve", ...tokens });
    }
    return `${token["full-tokenid"]}=${token.value}`;
  }

  /** Creates, changes, reads and deletes one object of a kind. Returns the error, if any. */
  async function failureOf(kind: string, proxmoxToken: string): Promise<string | undefined> {
    const { definition, given, change } = kinds[kind] ?? assert.fail(kind);
    const life = new Life(await providerOf(definition, { proxmoxToken, testPassword: password }));
    const ofChain = kind === "proof" ? await chained() : {};
    const inputs = { proxmox: proxmox.connection, ...ofChain, ...given };
    try {
      await life.create(inputs);
      await life.refresh();
      if (change) await life.update({ ...inputs, ...change });
      await life.delete();
      return undefined;
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error.message;
    }
  }

  /** The kinds that fail with a token. */
  async function failuresOf(token: string): Promise<Record<string, string>> {
    const messages = await Promise.all(
      Object.keys(kinds).map(async (kind) => [kind, await failureOf(kind, token)] as const),
    );
    return Object.fromEntries(messages.flatMap(([kind, message]) => (message ? [[kind, message]] : [])));
  }

  beforeEach(async (context) => {
    assert.ok("mock" in context);
    context.mock.method(console, "log", () => {});
    await prepare();
  });
  afterEach(clearAway);

  for (const privsep of ["0", "1"]) {
    test(`is sufficient for all that the program does${privsep === "1" ? ", with privilege separation too" : ""}`, async () => {
      assert.deepEqual(await failuresOf(await tokenWithout(undefined, undefined, privsep)), {});
    });
  }

  for (const [path, privilege, failing] of [
    ["/access", "Realm.Allocate", ["realm"]],
    ["/access", "Realm.AllocateUser", ["user", "proof"]],
    ["/access", "User.Modify", ["user", "proof"]],
    ["/access", "Group.Allocate", ["group"]],
    ["/access", "Permissions.Modify", ["roles on /access", "no other roles"]],
    ["/access", "Sys.Audit", ["no other roles"]],
    ["/access", "Sys.Modify", ["role"]],
    ["/", "Permissions.Modify", ["roles on /", "no other roles"]],
    ["/", "Sys.Audit", ["nodes"]],
  ] as const) {
    test(`without ${privilege} on ${path}: "${failing.join('" and "')}" fail, and say how to grant it`, async () => {
      const failures = await failuresOf(await tokenWithout(path, privilege));
      assert.deepEqual(Object.keys(failures), failing);
      const role = path === "/access" ? "SsoSetup" : "SsoGrant";
      for (const message of Object.values(failures)) {
        assert.match(message, new RegExp(`Missing: .*${privilege.replace(".", "\\.")}`));
        assert.ok(message.includes(`pveum role modify ${role} --append 1 --privs ${privilege}\n`), message);
        assert.ok(
          message.includes(
            `pveum acl modify ${path} --users 'pulumi@pve' --tokens 'pulumi@pve!sso' --roles ${role}`,
          ),
          message,
        );
      }
    });
  }
});

test("docs/your-servers.md has exactly the privileges of the doctor's table", () => {
  const needed = privilegesNeeded({
    realm: "authentik",
    grantsOn: ["/", "/access"],
    isExclusive: true,
    ownRoles: true,
    users: true,
    nodes: true,
  });
  const byPath: Record<string, string[]> = { "/access": [], "/": [] };
  for (const { path, privileges } of needed) {
    byPath[path.startsWith("/access") ? "/access" : path]?.push(...privileges);
  }
  for (const [path, privileges] of Object.entries(byPath)) {
    assert.deepEqual([...new Set(privileges)].sort(), [...(roles[path] ?? [])].sort(), path);
  }
});
