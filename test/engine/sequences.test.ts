import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { seeded } from "../tools/seeded";
import type { JsonObject } from "./authentik-api";
import { assertUnchanged, configFor } from "./harness";
import { Servers } from "./servers";
import { type ConfigValues, Stack } from "./stack";

/** A Proxmox in the config: its key, its group and the group's role. */
interface Declared {
  readonly key: string;
  readonly group: string;
  readonly role: string;
}

const declared: fc.Arbitrary<Declared> = fc.record({
  key: fc.constantFrom("berlin", "bln"),
  group: fc.constantFrom("ops", "Operators", "staff"),
  role: fc.constantFrom("PVEAuditor", "PVEVMUser", "Own"),
});
/** Each `up` may be killed after a number of requests. A refresh may follow before the next one. */
const step = fc.record({
  declared,
  killedAfter: fc.option(fc.integer({ min: 1, max: 12 }), { freq: 2 }),
  refreshed: fc.boolean(),
});
const sequences = fc.sample(fc.array(step, { minLength: 3, maxLength: 3 }), seeded(1));

const clusterOf = (servers: Servers, { key, group, role }: Declared): ConfigValues["plain"] => {
  const { plain } = configFor(servers);
  const options: Record<string, string | undefined> = {
    "addresses[0]": plain["proxmoxAddresses[0]"],
    ca: plain.proxmoxCa,
    realm: "authentik",
    applicationSlug: "proxmox",
    applicationName: "Proxmox VE",
    "roles.Own[0]": "VM.Audit",
    [`access["${group}"].as`]: "admins",
    [`access["${group}"]["/vms"]`]: role,
  };
  return Object.fromEntries(
    Object.entries(options).map(([name, value = ""]) => [`clusters.${key}.${name}`, value]),
  );
};

async function start(servers: Servers, first: Declared): Promise<Stack> {
  const { plain, secret } = configFor(servers);
  const { proxmoxCa: _, "proxmoxAddresses[0]": __, allowEveryone: ___, testUsername: ____, ...rest } = plain;
  const { proxmoxToken = "", testPassword: _____, ...credentials } = secret;
  const tokens = { "proxmoxToken-berlin": proxmoxToken, "proxmoxToken-bln": proxmoxToken };
  return Stack.create({
    plain: { ...rest, ...clusterOf(servers, first) },
    secret: { ...credentials, ...tokens },
  });
}

/** The objects on the servers, by their names. */
async function inventory(servers: Servers): Promise<Record<string, unknown[]>> {
  const onProxmox = async (path: string) => Object.values(await servers.inProxmox("GET", path)).map(Object);
  const [groups, acl, roles] = await Promise.all(
    ["groups", "acl", "roles"].map((kind) => onProxmox(`/access/${kind}`)),
  );
  const named = async (path: string) => (await servers.listInAuthentik(path)).map(({ name }) => name).sort();
  return {
    ...(await servers.inventory()),
    groups: (groups ?? []).map(({ groupid }) => groupid).sort(),
    permissions: (acl ?? []).map(({ ugid, roleid, path }) => `${ugid} ${roleid} ${path}`).sort(),
    roles: (roles ?? []).filter(({ special }) => !special).map(({ roleid }) => roleid),
    inAuthentik: await named("core/groups/"),
    mappings: await named("propertymappings/provider/scope/"),
  };
}

const foreign = async (servers: Servers): Promise<JsonObject[]> => [
  ...(await servers.listInAuthentik("core/groups/")).filter(({ name }) => name === "staff"),
  await servers.inProxmox("GET", "/access/groups/theirs"),
];

describe("random changes through the real engine, with kills", () => {
  for (const [index, steps] of sequences.entries()) {
    it(`leave exactly the declared objects on the servers: sequence ${index + 1}`, async () => {
      const servers = await Servers.start();
      await servers.inAuthentik("POST", "core/groups/", { name: "staff" });
      await servers.inProxmox("POST", "/access/groups", { groupid: "theirs", comment: "not ours" });
      const [empty, theirs] = [await inventory(servers), await foreign(servers)];
      let now: Declared = { key: "berlin", group: "ops", role: "PVEAuditor" };
      const stack = await start(servers, now);
      try {
        await stack.up();
        const complete = await inventory(servers);
        const { pk } = await servers.provider();
        for (const { declared: next, killedAfter, refreshed } of steps) {
          await stack.unset(`clusters.${now.key}`);
          await stack.configure({ plain: clusterOf(servers, next) });
          const isChanged = JSON.stringify(next) !== JSON.stringify(now);
          now = next;
          if (killedAfter !== null && isChanged) await killUp(stack, servers, killedAfter);
          if (refreshed) await stack.refresh();
          await stack.up();
          const what = JSON.stringify({ next, killedAfter, refreshed });
          assert.deepEqual(await inventory(servers), expected(complete, empty, next), what);
          assert.deepEqual(await foreign(servers), theirs, what);
          assert.equal((await servers.provider()).pk, pk, what);
          assertUnchanged(await stack.up());
        }
        await stack.destroy();
        assert.deepEqual(await inventory(servers), empty);
        assert.deepEqual(await foreign(servers), theirs);
      } finally {
        await stack.remove();
        await servers.stop();
      }
    });
  }
});

/** Kills the CLI and its plugins with SIGKILL after this number of requests in this run. */
async function killUp(stack: Stack, servers: Servers, after: number): Promise<void> {
  const asked = servers.requests.length;
  await stack.killedWhen(
    "up",
    () => servers.requests.length - asked >= after,
    (run) => run.killAll(),
  );
  await stack.cancel();
}

function expected(
  complete: Record<string, unknown[]>,
  empty: Record<string, unknown[]>,
  { group, role }: Declared,
): Record<string, unknown[]> {
  const groups = [...(empty.inAuthentik ?? []), "proxmox closed (proxmox-authentik-sso)", group];
  return {
    ...complete,
    permissions: [`admins-authentik ${role} /vms`],
    inAuthentik: [...new Set(groups)].sort(),
  };
}
