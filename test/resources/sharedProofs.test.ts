import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { groupsClaim, groupsExpression } from "../../components/access/claim";
import { groupsIn, groupsToTry } from "../../components/access/groups";
import { exclusiveBindingsDefinition } from "../../providers/authentik/exclusiveBindings";
import { groupDefinition } from "../../providers/authentik/group";
import { defaultScopeMappings } from "../../providers/authentik/oauth2Provider";
import { policyBindingDefinition } from "../../providers/authentik/policyBinding";
import { scopeMappingDefinition } from "../../providers/authentik/scopeMapping";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { FaultyProxy, type Handler } from "../faults/proxy";
import { sample } from "../tools/sample";
import { created } from "./created";
import { joinedRealm } from "./joined-realm";
import { AuthentikSimulator, type Properties, ProxmoxSimulator } from "./simulators";

const ownershipMark = "0123456789abcdef";
const ofNodes = /\/(openid-configuration|token\/|userinfo\/)$/;

/** The access of each cluster. The group of the others is an administrator of the last one. */
const accessOf: Record<string, Record<string, Record<string, string>>> = {
  one: { operators: { "/vms": "PVEVMUser" } },
  two: { operators: { "/vms": "PVEVMUser" } },
  three: { operators: { "/": "Administrator" }, viewers: { "/storage/local": "PVEDatastoreUser" } },
  four: { operators: { "/": "Administrator" } },
};

suite("the proofs of several clusters at the same time", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");
  const proofs: Properties[] = [];
  let proxy: FaultyProxy;
  /** Requests to authentik, without those of the nodes. */
  let requests: string[] = [];
  let killedAt = Number.POSITIVE_INFINITY;
  let beforeMembership: () => Promise<unknown> = async () => undefined;
  let beforeRemoval: () => Promise<unknown> = async () => undefined;

  const handle: Handler = async (exchange) => {
    if (ofNodes.test(exchange.path)) {
      exchange.reply(await exchange.forward());
      return;
    }
    const at = requests.push(`${exchange.method} ${exchange.path}`) - 1;
    if (exchange.method === "PATCH") await beforeMembership();
    if (exchange.method === "DELETE") await beforeRemoval();
    const answer = at <= killedAt ? await exchange.forward() : undefined;
    exchange.reply(answer && at < killedAt ? answer : { status: 418, headers: {}, body: Buffer.alloc(0) });
  };

  before(async () => {
    proxy = await FaultyProxy.start({ url: authentik.running.httpUrl }, handle);
    const inAuthentik = { authentik: authentik.connection };
    const groupIds = new Map<string, unknown>();
    for (const name of ["operators", "viewers"]) {
      const group = await created(groupDefinition, { ...inAuthentik, name, ownershipMark });
      groupIds.set(name, group.pk);
    }
    for (const [slug, access] of Object.entries(accessOf)) {
      const { groups } = groupsIn(access, slug);
      const mapping = await created(scopeMappingDefinition, {
        ...inAuthentik,
        name: `groups of ${slug}`,
        scopeName: groupsClaim,
        expression: groupsExpression(groups, ownershipMark),
      });
      const chain = await joinedRealm(authentik, proxmox, {
        slug,
        name: slug,
        origin: proxy.url,
        provider: { name: slug, scopeMappings: [...defaultScopeMappings, mapping.pk] },
        realm: { groupsClaim, groupsOverwrite: true, scopes: `email profile ${groupsClaim}` },
      });
      for (const { proxmoxGroup, grants } of groups) {
        await proxmox.call("POST", "/access/groups", { groupid: proxmoxGroup });
        for (const { path, role } of grants) {
          await proxmox.call("PUT", "/access/acl", { path, roles: role, groups: proxmoxGroup });
        }
      }
      const target = (await authentik.call("GET", `core/applications/${slug}/`)).pk;
      const bindings: unknown[] = [];
      for (const name of Object.keys(access)) {
        const binding = await created(policyBindingDefinition, {
          ...inAuthentik,
          target,
          group: groupIds.get(name),
        });
        bindings.push(binding.pk);
      }
      const closingGroup = `${slug} closed`;
      await created(exclusiveBindingsDefinition, {
        ...inAuthentik,
        target,
        bindings,
        closingGroup,
        ownershipMark,
      });
      proofs.push({
        ...chain,
        authentik: { url: proxy.url },
        proxmox: proxmox.connection,
        ownUser: {
          usernameClaim: "username",
          admittedBy: closingGroup,
          refusesOthers: true,
          groups: groupsToTry(groups),
        },
      });
    }
  });
  after(() => proxy.goDown());
  beforeEach(() => {
    requests = [];
    killedAt = Number.POSITIVE_INFINITY;
    beforeMembership = async () => undefined;
    beforeRemoval = async () => undefined;
  });

  /** The summary of each proof, or its error. */
  function prove(wanted: readonly Properties[]): Promise<PromiseSettledResult<string>[]> {
    return Promise.allSettled(
      wanted.map(async (inputs) => String((await created(loginProofDefinition, inputs)).summary)),
    );
  }

  async function ownUsers(): Promise<Properties[]> {
    const { results } = await authentik.call("GET", "core/users/");
    return Object.values(results ?? {}).filter(({ username }) => /^sso-proof-/.test(username));
  }

  async function assertNobodyLeft(): Promise<void> {
    const users = Object.values(await proxmox.call("GET", "/access/users"));
    assert.deepEqual(await ownUsers(), []);
    assert.doesNotMatch(JSON.stringify(users), /sso-proof-/);
  }

  function assertProved(outcomes: readonly PromiseSettledResult<string>[]): void {
    const expected = ["operators", "operators", "viewers", undefined];
    for (const [index, outcome] of outcomes.entries()) {
      assert.equal(outcome.status, "fulfilled", JSON.stringify(outcome));
      const group = expected[index];
      const roles = group ? ` The roles of the group "${group}" arrived.` : "";
      assert.ok(
        outcome.value.endsWith(`removed. Authentik refused it while it was in no group.${roles}`),
        outcome.value,
      );
    }
  }

  test("share one user and its session, and each shows the refusal and the roles of its cluster", async () => {
    const from = authentik.running.requests.length;
    assertProved(await prove(proofs));
    await assertNobodyLeft();
    const count = (pattern: RegExp) => requests.filter((request) => pattern.test(request)).length;
    assert.equal(count(/^POST .*\/core\/users\/$/), 1);
    assert.equal(count(/set_password/), 1);
    assert.equal(count(/^POST .*\/flows\/executor\//), 2);
    assert.equal(count(/^DELETE /), 1);
    // Before the login of the session, refused, and admitted.
    assert.equal(count(/\/authorize\//), 3 * proofs.length);
    const joined = authentik.running.requests
      .slice(from)
      .filter(({ method }) => method === "PATCH")
      .map(({ body }) => Object(JSON.parse(String(body))).groups);
    // An administrator's group of another cluster is never joined together with that cluster's own.
    for (const groups of joined) assert.ok(groups.length <= 1, JSON.stringify(joined));
    assert.ok(joined.length <= 2 * proofs.length, JSON.stringify(joined));
  });

  test("begin again with users of their own if another process removes the shared one", async () => {
    let removals = 1;
    beforeMembership = async () => {
      if (removals-- <= 0) return;
      for (const { pk } of await ownUsers()) await authentik.call("DELETE", `core/users/${pk}/`);
    };
    assertProved(await prove(proofs));
    assert.ok(removals < 0, `${removals}`);
    await assertNobodyLeft();
  });

  test("end after the removal of the user, if they made it", async () => {
    const from = authentik.running.requests.length;
    const ended = new Set<string>();
    let endedBefore: string[] = [];
    beforeRemoval = async () => {
      // A proof that does not wait for the removal ends in this time.
      await sleep(50);
      endedBefore = [...ended];
    };
    const slugs = Object.keys(accessOf);
    await Promise.all(
      proofs.map(async (inputs, index) => {
        await created(loginProofDefinition, inputs);
        ended.add(String(slugs[index]));
      }),
    );
    const made = authentik.running.requests
      .slice(from)
      .find(({ method, path }) => method === "POST" && path.endsWith("/core/users/"));
    const maker = slugs.find((slug) => String(made?.body).includes(`proof/${slug}"`));
    assert.ok(maker, String(made?.body));
    assert.ok(!endedBefore.includes(maker), `${maker} ended before the removal of the user`);
    await assertNobodyLeft();
  });

  test("leave no user whom the next run does not remove, wherever a run is killed", async () => {
    const two = proofs.slice(1, 3);
    await prove(two);
    const points = requests.flatMap((request, index) => (/^(PATCH|DELETE) /.test(request) ? [index] : []));
    let left = 0;
    const removal = points.at(-1);
    for (const point of sample(points, (index) => index === removal || index === points[0])) {
      requests = [];
      killedAt = point;
      const outcomes = await prove(two);
      killedAt = Number.POSITIVE_INFINITY;
      left += (await ownUsers()).length;
      // The next run repeats the proofs that have not ended.
      const repeated = two.filter((_, index) => outcomes[index]?.status === "rejected");
      for (const { status } of await prove(repeated)) assert.equal(status, "fulfilled");
      await assertNobodyLeft();
    }
    assert.ok(left > 0);
  });

  test("a failing proof takes nothing from the others", async () => {
    const [first, second, third] = proofs;
    const acl = { path: "/vms", roles: "PVEVMUser", groups: "operators-one" };
    await proxmox.call("PUT", "/access/acl", { ...acl, delete: "1" });
    const [failed, ...others] = await prove([{ ...first }, { ...second }, { ...third }]);
    assert.equal(failed?.status, "rejected");
    assert.match(
      String(failed.reason),
      /member of the group "operators" logged in, and has none of its permissions on \/vms/,
    );
    for (const { status } of others) assert.equal(status, "fulfilled");
    await assertNobodyLeft();
    await proxmox.call("PUT", "/access/acl", acl);
  });
});
