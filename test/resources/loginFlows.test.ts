import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { loginProofDefinition } from "../../providers/sso/loginProof";
import { joinedRealm } from "./joined-realm";
import { Life } from "./life";
import { LoginFlows } from "./login-flows";
import { AuthentikSimulator, type Properties, ProxmoxSimulator, providerOf } from "./simulators";

const password = "p4ssword-of-akadmin";

suite("the proof of login in other flows", () => {
  const authentik = new AuthentikSimulator("2026.5");
  const proxmox = new ProxmoxSimulator("9.2");
  const flows = new LoginFlows(authentik);
  let chain: Properties;

  before(async () => {
    chain = { proxmox: proxmox.connection, ...(await joinedRealm(authentik, proxmox)) };
  });

  async function prove(username = "akadmin"): Promise<string> {
    const life = new Life(await providerOf(loginProofDefinition, { testPassword: password }));
    await life.create({ ...chain, testUser: { username, passwordConfigKey: "testPassword" } });
    return String(life.state.summary);
  }

  const loggedIn = /"akadmin@authentik" logged in/;
  const basic = async () => [await flows.identification(), await flows.stage("password")];
  const login = () => flows.stage("user_login");

  async function authorizeBy(slug: string, ...stages: unknown[]): Promise<void> {
    const authorization_flow = await flows.flow(slug, "authorization", stages);
    const { pk } = await authentik.find("providers/oauth2/?name=PVE");
    await authentik.call("PATCH", `providers/oauth2/${pk}/`, { authorization_flow });
  }

  test("answers no to the question whether to stay signed in", async () => {
    const stage = await flows.stage("user_login", { remember_me_offset: "days=30" });
    await flows.logInBy("remember", ...(await basic()), stage);
    assert.match(await prove(), loggedIn);
  });

  test("logs in if a stage asks for name and password together", async () => {
    const password_stage = await flows.stage("password");
    await flows.logInBy("at-once", await flows.identification({ password_stage }), await login());
    assert.match(await prove(), loggedIn);
  });

  test("passes a prompt that only shows text, and gives explicit consent", async () => {
    const told = await flows.prompt(
      { field_key: "welcome", type: "static", initial_value: "Welcome" },
      { field_key: "nickname", type: "text", required: false },
      { field_key: "newsletter", type: "checkbox", required: false },
      { field_key: "birthday", type: "date", required: false },
      { field_key: "floor", type: "number", required: false },
      { field_key: "office", type: "text", initial_value: "Vienna" },
    );
    await flows.logInBy("told", ...(await basic()), told, await login());
    await authorizeBy("consent", await flows.stage("consent", { mode: "always_require" }));
    assert.match(await prove(), loggedIn);
    await authorizeBy("silent");
  });

  test("uses the claim's real value if the realm creates no users", async () => {
    const byMail = { ...chain, realm: "mail" };
    const realm = new Life(await providerOf(openIdRealmDefinition));
    await realm.create({
      proxmox: proxmox.connection,
      realm: "mail",
      issuerUrl: chain.issuerUrl,
      clientId: "client-of-pve",
      clientKey: "secret-of-pve",
      usernameClaim: "email",
      autocreate: false,
    });
    const { pk } = await authentik.find("core/users/?username=akadmin");
    await authentik.call("PATCH", `core/users/${pk}/`, { email: "admin@example.com" });
    const life = new Life(await providerOf(loginProofDefinition, { testPassword: password }));
    await life.create({ ...byMail, testUser: { username: "akadmin", passwordConfigKey: "testPassword" } });
    assert.match(String(life.state.summary), /"admin@example\.com@mail" logged in/);
    const users = Object.keys(proxmox.node.store.config.users);
    assert.deepEqual(
      users.filter((id) => id.endsWith("@mail")),
      [],
    );
  });

  const refusals: { title: string; stages: () => Promise<unknown[]>; message: RegExp; username?: string }[] =
    [
      {
        title: "a captcha within the identification",
        stages: async () => [await flows.identification({ captcha_stage: await flows.captcha() })],
        message: /for a captcha that a person solves \(its Captcha Stage within the Identification Stage/,
      },
      {
        title: "a captcha as a stage of its own",
        stages: async () => [...(await basic()), await flows.captcha()],
        message:
          /for a captcha .*\(its Captcha Stage, ak-stage-captcha\).* It passed Identification Stage, Password Stage\. Let the flow skip/,
      },
      {
        title: "terms to accept",
        stages: async () => [
          ...(await basic()),
          await flows.prompt({ field_key: "terms", label: "I accept the terms", type: "checkbox" }),
        ],
        message: /what only a person can say: "I accept the terms" \(checkbox\) \(its Prompt Stage/,
      },
      {
        title: "a second factor",
        stages: async () => [...(await basic()), await flows.stage("authenticator/validate")],
        username: "bob",
        message: /a second factor: totp, webauthn \(its Authenticator Validation Stage/,
      },
      {
        title: "a second factor that the user has to set up",
        stages: async () => [
          ...(await basic()),
          await flows.stage("authenticator/validate", { not_configured_action: "configure" }),
        ],
        message: /a second factor, and the user has none \(its Authenticator Validation Stage/,
      },
      {
        title: "a second factor that is demanded of everybody",
        stages: async () => [
          ...(await basic()),
          await flows.stage("authenticator/validate", { not_configured_action: "deny" }),
        ],
        message: /denies the test user "akadmin" access in its flow "[^"]+"/,
      },
      {
        title: "a passkey alone",
        stages: async () => [
          await flows.identification({
            user_fields: [],
            passwordless_flow: await flows.flow("passkey", "authentication", []),
          }),
        ],
        message: /for a passkey \(its Identification Stage/,
      },
      {
        title: "a flow that ends at another page of authentik",
        stages: async () => [
          ...(await basic()),
          await login(),
          await flows.stage("redirect", { mode: "static", target_static: "/-/health/live/" }),
        ],
        message: /flows end at its page \/-\/health\/live\/ instead of the way back .*for a Redirect Stage/,
      },
      {
        title: "a prompt with a tick that is set already",
        stages: async () => [
          ...(await basic()),
          await flows.prompt({
            field_key: "terms",
            label: "I agree",
            type: "checkbox",
            initial_value: "True",
          }),
        ],
        message: /what only a person can say: "I agree" \(checkbox\)/,
      },
      {
        title: "an external source alone",
        stages: async () => [await flows.identification({ user_fields: [], sources: ["entra"] })],
        message: /a login at an external source: "entra" \(its Identification Stage/,
      },
      {
        title: "a redirect to an external source",
        stages: async () => [
          await flows.stage("redirect", { mode: "static", target_static: "https://login.example.com/start" }),
        ],
        message:
          /sends the browser to https:\/\/login\.example\.com instead of its own login: to an external source/,
      },
      {
        title: "a redirect to the page of a source",
        stages: async () => [
          await flows.stage("redirect", { mode: "static", target_static: "/source/oauth/login/entra/" }),
        ],
        message: /sends the browser to https:\/\/entra\.example\.com instead/,
      },
      {
        title: "a denial, with its reason",
        stages: async () => [
          ...(await basic()),
          await flows.stage("deny", { deny_message: "Only from the office" }),
        ],
        message: /denies the test user "akadmin" access in its flow "[^"]+": Only from the office\./,
      },
      {
        title: "another name than the flow takes",
        stages: async () => [
          await flows.identification({ user_fields: ["email"], pretend_user_exists: false }),
          await flows.stage("password"),
        ],
        message: /does not let .* in: Failed to authenticate\. The flow knows users by email only\. Check/,
      },
      {
        title: "a flow that logs nobody in",
        stages: basic,
        message: /did not finish the login .*Without a User Login Stage, a flow logs nobody in/,
      },
    ];
  for (const [index, { title, stages, message, username }] of refusals.entries()) {
    test(`names ${title}`, async () => {
      if (username) {
        const attributes = { "lab/second-factors": ["totp", "webauthn"] };
        const { pk } = await authentik.call("POST", "core/users/", { username, name: username, attributes });
        await authentik.call("POST", `core/users/${pk}/set_password/`, { password });
      }
      await flows.logInBy(`refusal-${index}`, ...(await stages()));
      await assert.rejects(prove(username), ({ message: said }: Error) => {
        assert.match(said, message);
        return !/second factor/.test(said) || /second factor/.test(title);
      });
    });
  }

  for (const mode of ["permanent", "expiring"]) {
    test(`gives the consent that is ${mode}`, async () => {
      await flows.logInBy(`consent-${mode}`, ...(await basic()), await login());
      await authorizeBy(`${mode}-consent`, await flows.stage("consent", { mode }));
      assert.match(await prove(), loggedIn);
      await authorizeBy(`no-consent-after-${mode}`);
    });
  }

  test("names the authorization flow, if its requirement excludes everybody", async () => {
    await flows.logInBy("for-nobody", ...(await basic()), await login());
    await authorizeBy("outposts");
    await authentik.call("PATCH", "flows/instances/outposts/", { authentication: "require_outpost" });
    await assert.rejects(
      prove(),
      /denies the test user "akadmin" access to this application \("Permission denied"\)\. A binding, or a policy or a requirement of the authorization flow, excludes the user.* With `allowEveryone`, look at the setting/,
    );
    await authorizeBy("silent-after-outposts");
  });

  test("names the requirement of the login flow", async () => {
    await flows.logInBy("of-outposts", ...(await basic()), await login());
    await authentik.call("PATCH", "flows/instances/of-outposts/", { authentication: "require_outpost" });
    await assert.rejects(
      prove(),
      /denies the test user "akadmin" access in its flow "of-outposts": Flow does not apply to current user\. A policy, a Deny Stage or a requirement of the flow excludes/,
    );
  });

  test("blames the password if the flow ends at the first wrong one", async () => {
    const once = await flows.stage("password", { failed_attempts_before_cancel: 1 });
    await flows.logInBy("one-attempt", await flows.identification(), once, await login());
    await assert.rejects(
      prove("mallory"),
      /flow "one-attempt": Invalid password\. It ended right after the Password Stage\. Check the user name and the password\. .* not locked/,
    );
  });

  test("names a captcha in the authorization flow, after the login", async () => {
    await flows.logInBy("plain", ...(await basic()), await login());
    await authorizeBy("terms", await flows.captcha());
    await assert.rejects(prove(), /flow "terms" asks the test user "akadmin" for a captcha/);
    await authorizeBy("silent-again");
  });

  test("recognizes a denied page in another language, and a wrong password", async () => {
    const { brand_uuid } = await authentik.find("core/brands/?default=true");
    await authentik.call("PATCH", `core/brands/${brand_uuid}/`, {
      attributes: { settings: { locale: "de" } },
    });
    const { pk } = await authentik.call("GET", "core/applications/pve/");
    const { pk: group } = await authentik.call("POST", "core/groups/", { name: "nobody" });
    const binding = await authentik.call("POST", "policies/bindings/", { target: pk, group, order: 0 });
    await assert.rejects(
      prove(),
      /denies the test user "akadmin" access to this application \("Erlaubnis verweigert"\)\. A binding, or a policy .* excludes/,
    );
    await authentik.call("DELETE", `policies/bindings/${binding.pk}/`);
    await assert.rejects(
      prove("mallory"),
      /in: Ungültiges Passwort Check the proof's user name and password, and in authentik .* not locked/,
    );
  });
});
