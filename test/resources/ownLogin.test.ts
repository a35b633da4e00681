import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import { serviceAccountToken } from "../../cli/credentials/service-account";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { Life } from "./life";
import { LoginFlows } from "./login-flows";
import { closingGroup, credentials, OwnLoginWorld } from "./own-login-world";
import { type Properties, providerOf } from "./simulators";

suite("the proof with its own user", () => {
  const world = new OwnLoginWorld();
  const { authentik, proxmox } = world;
  const flows = new LoginFlows(authentik);

  before(() => world.start());
  after(() => world.stop());
  beforeEach(() => world.forget());

  test("logs it in, checks that it is refused without a group and gets a group's roles, and removes it", async () => {
    const summary = await world.prove();
    assert.match(
      summary,
      /^A user that the proof made logged in through authentik \(1 address checked\), and was removed\. Authentik refused it while it was in no group\. The roles of the group "operators" arrived\.$/,
    );
    await world.assertNobodyLeft();
    // Without keys and discovery. The API has another address here, so the login starts with another request.
    const own = world.requests.filter((request) => !request.includes(" /api2/"));
    assert.equal(own.length, 16, own.join("\n"));
  });

  test("logs it in with the group of a former `access`, whose bindings exist until the end of the up", async () => {
    const everybody = { usernameClaim: "username", refusesOthers: false, groups: [] };
    await assert.rejects(
      world.prove({ ownUser: everybody }),
      /although `allowEveryone` is set\. Remove the application's bindings/,
    );
    for (const formerlyAdmittedBy of ["no such group", "authentik Admins"])
      await assert.rejects(world.prove({ ownUser: { ...everybody, formerlyAdmittedBy } }), /`allowEveryone`/);
    assert.match(
      await world.prove({ ownUser: { ...everybody, formerlyAdmittedBy: closingGroup } }),
      /was removed\. Authentik still has the bindings of the former `access`.*npm run verify then proves a login without them\.$/,
    );
    await world.assertNobodyLeft();
  });

  test("leaves nobody after the next command who could log in, wherever it was killed", async () => {
    await world.prove();
    const first = world.requests.findIndex((request) => request.startsWith("POST /api2/json/access/users"));
    // Another read changes nothing, and leaves what the previous write left.
    const points = world.requests.flatMap((request, index) =>
      index >= first && (!request.startsWith("GET ") || request.includes("/authorize/")) ? [index] : [],
    );
    assert.ok(points.length > 9, world.requests.join("\n"));
    const left = new Set<unknown>();
    for (const point of points) {
      world.requests = [];
      world.killedAt = point;
      await world.prove().catch(() => undefined);
      world.killedAt = Number.POSITIVE_INFINITY;
      const now = Date.now() / 1000;
      for (const { username, attributes } of await world.ownUsers()) {
        left.add(username);
        assert.ok(Object(attributes)["goauthentik.io/user/expires"] < now + 3600);
        assert.equal(Object(attributes)["goauthentik.io/user/generated"], true);
      }
      for (const { expire } of await world.ownUsersOnProxmox()) assert.ok(Number(expire) > now, `${expire}`);
      await world.removeAllLeft();
      await world.assertNobodyLeft();
    }
    assert.ok(left.size > 6, `${left.size}`);
    world.requests = [];
    world.killedAt = points.at(-3) ?? 0;
    await assert.rejects(world.prove());
    assert.equal((await world.ownUsersOnProxmox()).length, 1);
    world.killedAt = Number.POSITIVE_INFINITY;
    await world.prove();
    await world.assertNobodyLeft();
  });

  test("starts again with another user if a simultaneous proof removes its user", async () => {
    world.otherProofs = 2;
    assert.match(await world.prove(), /^A user that the proof made logged in .*"operators" arrived\.$/);
    assert.equal(world.otherProofs, 0);
    world.otherProofs = Number.POSITIVE_INFINITY;
    world.requests = [];
    await assert.rejects(world.prove());
    world.otherProofs = 0;
    assert.equal(world.requests.filter((request) => request === "POST /api/v3/core/users/").length, 3);
    await world.assertNobodyLeft();
  });

  test("fails if a user in no group may use the application, or a group's roles do not arrive", async () => {
    const { pk: policy } = await authentik.call("POST", "policies/expression/", {
      name: "everybody",
      expression: "return True",
    });
    const binding = await authentik.call("POST", "policies/bindings/", {
      target: world.target,
      policy,
      order: 5,
    });
    await assert.rejects(world.prove(), /lets a user who is in no group of `access` use the application/);
    await authentik.call("DELETE", `policies/bindings/${binding.pk}/`);

    const acl = { path: "/vms", roles: "PVEVMUser", groups: "operators-authentik" };
    await proxmox.call("PUT", "/access/acl", { ...acl, delete: "1" });
    await assert.rejects(
      world.prove(),
      /member of the group "operators" logged in, and has none of its permissions on \/vms\./,
    );
    await proxmox.call("PUT", "/access/acl", acl);
    await world.assertNobodyLeft();
  });

  test("joins no group that this program did not create, or that grants rights in authentik", async () => {
    const { pk, attributes } = await authentik.find("core/groups/?name=operators");
    for (const change of [{ is_superuser: true }, { is_superuser: false, attributes: {} }]) {
      await authentik.call("PATCH", `core/groups/${pk}/`, change);
      assert.doesNotMatch(await world.prove(), /roles/);
    }
    await authentik.call("PATCH", `core/groups/${pk}/`, {
      is_superuser: false,
      attributes: Object(attributes),
    });
    assert.match(await world.prove(), /roles/);
  });

  test("names what a flow requires of everybody, and its last completed stage", async () => {
    const { brand_uuid, flow_authentication } = await authentik.find("core/brands/?default=true");
    const first = [await flows.identification(), await flows.stage("password")];
    await flows.logInBy("captcha", ...first, await flows.captcha());
    assert.match(
      await world.prove(),
      /agree on issuer.*; nobody logged in: authentik's flow "captcha" asks for a captcha .*It passed Identification Stage, Password Stage\.$/,
    );
    await flows.logInBy("external", await flows.identification({ user_fields: [], sources: ["entra"] }));
    assert.match(await world.prove(), /nobody logged in: .* a login at an external source: "entra"/);
    await flows.logInBy(
      "by-mail",
      await flows.identification({ user_fields: ["email"], pretend_user_exists: false }),
      await flows.stage("password"),
      await flows.stage("user_login"),
    );
    assert.match(await world.prove(), /^A user that the proof made logged in/);
    await authentik.call("PATCH", `core/brands/${brand_uuid}/`, { flow_authentication });
    await world.assertNobodyLeft();
  });

  test("explains in one sentence why nobody logged in, if a token must not create users", async () => {
    const agreed =
      /^Proxmox and authentik agree on issuer, signing key and redirect URI for 1 address; nobody logged in: /;
    const own = Object(world.given.ownUser);
    const unlucky: [RegExp, Properties, Record<string, string>?][] = [
      [
        /the API token of authentik may not make and remove users \(.*\)\.$/,
        {},
        { authentikToken: await world.ordinaryToken() },
      ],
      [
        /the API token of Proxmox may not make and remove users \(.*\)\.$/,
        {},
        { proxmoxToken: await world.auditorsToken() },
      ],
      [
        /a new user has no value for the username claim "staff"\.$/,
        { ownUser: { ...own, usernameClaim: "staff" } },
      ],
      [
        /no group "missing", which would admit it\.$/,
        { ownUser: { ...own, groups: [], admittedBy: "missing" } },
      ],
    ];
    for (const [why, more, tokens] of unlucky) {
      const summary = await world.prove(more, tokens);
      assert.match(summary, agreed);
      assert.match(summary, why);
    }
    await world.assertNobodyLeft();
  });

  test("requires no administrator's token in authentik", async () => {
    const admin = connectAuthentik(authentikConnection.parse(world.given.authentik), credentials);
    const authentikToken = await serviceAccountToken(admin, "least");
    assert.match(
      await world.prove({}, { authentikToken }),
      /^A user that the proof made .*"operators" arrived\.$/,
    );
    assert.match(await world.prove({}, { authentikToken }), /^A user that the proof made/);
    await world.assertNobodyLeft();
  });

  test("does not change a stack that has a proof without it", async () => {
    const { authentik: _, ownUser: __, ...before } = world.given;
    const life = new Life(await providerOf(loginProofDefinition));
    await life.create(before);
    const { production: ___, ...recorded } = life.state;
    life.state = recorded;
    assert.equal(await life.preview({ ...world.given, production: true }), "nothing");
    assert.equal(await life.preview({ ...world.given, restsOn: ["another revision"] }), "update");
    await life.update({ ...world.given, restsOn: ["another revision"] });
    assert.match(String(life.state.summary), /^A user that the proof made/);
    assert.equal(
      await life.preview({ ...world.given, restsOn: ["another revision"], production: true }),
      "update",
    );
  });

  test("uses a test user instead, if there is one, and production refuses a superuser", async () => {
    const testUser = { username: "akadmin", passwordConfigKey: "testPassword" };
    await authentik.call("POST", "policies/bindings/", {
      target: world.target,
      user: (await authentik.find("core/users/?username=akadmin")).pk,
      order: 6,
    });
    assert.match(await world.prove({ testUser }), /^"akadmin@authentik" logged in/);
    await assert.rejects(
      world.prove({ testUser, production: true }),
      /"akadmin" is a superuser of authentik, and `production`/,
    );
  });
});
