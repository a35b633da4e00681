import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { AxiosHeaders, type AxiosResponse } from "axios";
import fc from "fast-check";
import { projectRoot } from "../../../../cli/paths";
import { UserError } from "../../../../providers/core/errors";
import { logIn, signIn } from "../../../../providers/sso/proof/authentikLogin";
import { anyText, seeded } from "../../../tools/seeded";

const authorizationUrl =
  "https://auth.example.com/application/o/authorize/?redirect_uri=https%3A%2F%2Fpve.example.com%3A8006";
const user = { username: "alice", password: "p4ssword" };

function answerOf(
  status: number,
  data: unknown,
  headers: Record<string, string> = {},
): AxiosResponse<unknown> {
  return { status, data, headers, statusText: "", config: { headers: new AxiosHeaders() } };
}

/** An authentik whose only flow shows these answers in sequence, and then repeats the last one. */
function flowOf(answers: readonly AxiosResponse<unknown>[]) {
  const sent: unknown[] = [];
  let next = 0;
  const show = async () => answers[Math.min(next++, answers.length - 1)] ?? answerOf(404, "");
  return {
    sent,
    get: async (url: string) => {
      sent.push(url);
      return url.includes("/application/")
        ? answerOf(302, "", { location: "/if/flow/login/?next=x" })
        : show();
    },
    post: async (_url: string, data: object) => {
      sent.push(data);
      return show();
    },
  };
}

const known = [
  "ak-stage-identification",
  "ak-stage-password",
  "ak-stage-user-login",
  "ak-stage-consent",
  "ak-stage-prompt",
  "ak-stage-captcha",
  "ak-stage-authenticator-validate",
  "ak-stage-access-denied",
  "ak-stage-flow-error",
  "xak-flow-redirect",
  "xak-flow-shell",
  "constructor",
  "__proto__",
];
const component = fc.oneof(fc.constantFrom(...known), anyText.filter(Boolean));
const fields = [
  "to",
  "token",
  "password_fields",
  "user_fields",
  "captcha_stage",
  "sources",
  "fields",
  "body",
];
const stage = fc
  .tuple(component, fc.dictionary(fc.constantFrom(...fields, "response_errors", "error"), fc.jsonValue()))
  .map(([name, rest]) => ({ ...rest, component: name }));
const answers = fc.oneof(
  stage.map((body) => answerOf(200, body)),
  fc.constant(answerOf(302, "", { location: "/api/v3/flows/executor/login/?query=x" })),
  fc
    .tuple(fc.integer({ min: 200, max: 499 }), fc.jsonValue())
    .map(([status, body]) => answerOf(status, body)),
);

suite("for every stage of authentik's flow", () => {
  test("the proof ends, in the login or in a clear message", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 6 }), async (shown) => {
        const browser = flowOf(shown);
        const error = await logIn(browser, authorizationUrl, user).then(
          () => undefined,
          (caught) => caught,
        );
        assert.ok(
          error === undefined || (error instanceof UserError && error.message.length > 40),
          String(error),
        );
        assert.ok(browser.sent.length < 2000, `${browser.sent.length} requests`);
      }),
      seeded(500),
    );
  });

  test("a stage that no program can answer is named by its component, and the password is not blamed", async () => {
    const asked = component.filter(
      (name) =>
        !/^ak-stage-(identification|password|user-login|consent|dummy|prompt|account-selection)$/.test(name),
    );
    await fc.assert(
      fc.asyncProperty(asked, async (name) => {
        const browser = flowOf([answerOf(200, { component: name, response_errors: {} })]);
        await assert.rejects(logIn(browser, authorizationUrl, user), ({ message }: Error) => {
          assert.match(message, /flow "login"/);
          assert.doesNotMatch(message, /Check the proof's user name and password|undefined|function/);
          const isEnd = ["ak-stage-access-denied", "ak-stage-flow-error"].includes(name);
          return isEnd || message.includes(name);
        });
        assert.deepEqual(browser.sent.length, 2);
      }),
      seeded(500),
    );
  });
});

/** Answers of programs in front of authentik to the calls of a flow, and what the message must name. */
const fronts: Record<string, [answer: AxiosResponse<unknown>, expected: RegExp]> = {
  "oauth2-proxy on the same host": [
    answerOf(302, "", { location: "/oauth2/start?rd=secret" }),
    /sends the browser to \/oauth2\/start instead of its own login.*portal/,
  ],
  "Authelia, for a call of the API": [
    answerOf(303, "", { location: "https://auth.portal.example/?rd=secret" }),
    /sends the browser to https:\/\/auth\.portal\.example\/ instead/,
  ],
  "a redirect to no address": [
    answerOf(308, "", { location: "https://[bad" }),
    /answered with 308 and no stage/,
  ],
  "Cloudflare's challenge": [
    answerOf(403, "<title>Just a moment...</title>", { server: "cloudflare", "cf-mitigated": "challenge" }),
    /with 403 and no stage \(Server: cloudflare; CF-Mitigated: challenge; page "Just a moment\.\.\."\)\. A system in front/,
  ],
  "basic auth": [
    answerOf(401, "", { "www-authenticate": 'Basic realm="x"' }),
    /401 and no stage \(WWW-Authenticate: Basic realm="x"; an empty body\)\. A system in front/,
  ],
  "Kong's limit": [
    answerOf(429, { message: "API rate limit exceeded" }, { server: "kong" }),
    /429 and no stage \(Server: kong; JSON ".*rate limit exceeded.*"\)\. A system in front/,
  ],
  "F5, with 200": [
    answerOf(200, "<html>The requested URL was rejected.</html>"),
    /200 and no stage \(text "The requested URL was rejected\."\)\. A system in front/,
  ],
  "authentik itself": [
    answerOf(403, { detail: "CSRF Failed: Origin checking failed" }),
    /403 and no stage \(JSON ".*CSRF Failed: Origin checking failed.*"\)\. A proxy in front .*`trustedProxies`/,
  ],
  "a failure of authentik itself": [
    answerOf(403, { detail: "You do not have permission" }),
    /403 and no stage \(JSON ".*permission.*"\)\. See authentik's log\./,
  ],
};

suite("an answer that is no stage of authentik is named with its sender, and the paths to let through", () => {
  for (const [front, [answer, expected]] of Object.entries(fronts)) {
    test(front, async () => {
      await assert.rejects(logIn(flowOf([answer]), authorizationUrl, user), ({ name, message }: Error) => {
        assert.equal(name, "UserError");
        assert.match(message, expected);
        assert.doesNotMatch(message, /secret|again and again/);
        return front.includes("authentik itself") || /\/api\/v3\/flows\//.test(message);
      });
    });
  }
});

suite("in a browser that knows several accounts", () => {
  const selection = (...accounts: object[]) =>
    answerOf(200, { component: "ak-stage-account-selection", accounts });
  const end = answerOf(200, {
    component: "xak-flow-redirect",
    to: "https://pve.example.com:8006/?code=c&state=s",
  });

  test("the proof selects its user", async () => {
    const browser = flowOf([selection({ uid: "1", username: "bob" }, { uid: "2", username: "alice" }), end]);
    await logIn(browser, authorizationUrl, user);
    assert.deepEqual(browser.sent.at(-1), {
      component: "ak-stage-account-selection",
      action: "continue",
      selected_account: "2",
    });
  });

  test("the proof logs in with its user, whom the browser does not know", async () => {
    const browser = flowOf([selection({ uid: "1", username: "bob" }), end]);
    await logIn(browser, authorizationUrl, user);
    assert.deepEqual(browser.sent.at(-1), { component: "ak-stage-account-selection", action: "login" });
  });
});

test("an authentik that knows another scheme than the browser is named as a matter of its proxy", async () => {
  const to = "http://auth.example.com/if/flow/next/";
  const browser = flowOf([answerOf(200, { component: "xak-flow-redirect", to })]);
  await assert.rejects(logIn(browser, authorizationUrl, user), ({ name, message }: Error) => {
    assert.match(
      message,
      /to http:\/\/auth\.example\.com, its own host with another scheme: .*`trustedProxies`/,
    );
    return name === "UserError";
  });
});

/** The schema of the newest published client of authentik's API. */
const schema = readFileSync(join(projectRoot, "node_modules/@goauthentik/api/schema.yml"), "utf8");
const [, mapping = ""] = /\n {4}ChallengeTypes:\n[\s\S]*?mapping:\n((?: {10}\S+: .*\n)+)/.exec(schema) ?? [];
const components = [...mapping.matchAll(/^ +([a-z0-9-]+):/gm)].map(([, name = ""]) => name);

test("every stage of authentik's API is answered, an end, or named with what it needs", async () => {
  assert.ok(components.length >= 30, `${components.length} components`);
  for (const name of components.filter((component) => component !== "xak-flow-redirect")) {
    const error: unknown = await logIn(
      flowOf([answerOf(200, { component: name })]),
      authorizationUrl,
      user,
    ).catch((caught: unknown) => caught);
    assert.ok(error instanceof UserError, name);
    assert.doesNotMatch(error.message, /something that this program does not know/, name);
  }
});

test("a login at authentik itself follows a Redirect Stage to another flow", async () => {
  const to = (path: string) => answerOf(200, { component: "xak-flow-redirect", to: path });
  const start = answerOf(302, "", { location: "/if/flow/first/" });
  const browser = flowOf([start, to("/if/flow/second/?next=%2F"), to("/")]);
  await signIn(browser, "https://auth.example.com", user);
  assert.match(String(browser.sent.at(-1)), /executor\/second\/\?query=next%3D%252F$/);
});
