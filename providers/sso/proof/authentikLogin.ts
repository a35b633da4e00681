import { z } from "zod";
import { UserError } from "../../core/errors";
import type { Browser } from "./browser";

const challenge = z.object({
  component: z.string(),
  to: z.string().optional(),
  token: z.string().optional(),
  password_fields: z.boolean().optional(),
  response_errors: z.record(z.string(), z.array(z.object({ string: z.string() }))).optional(),
});

export interface TestUser {
  readonly username: string;
  readonly password: string;
}

/** More than the stages of any default flow; ends loops that a broken flow would make. */
const mostSteps = 12;

/** Where authentik sends the browser for this authorization URL when nobody is logged in yet. */
export async function openAuthorization(browser: Browser, authorizationUrl: string): Promise<string> {
  const response = await browser.get(authorizationUrl);
  const location = response.headers.location;
  if (response.status === 302 && typeof location === "string") {
    const { searchParams } = new URL(location, authorizationUrl);
    if (searchParams.has("error")) throw new UserError(explainRefusal(searchParams));
    return location;
  }
  const page = String(response.data);
  const redirectUri = new URL(authorizationUrl).searchParams.get("redirect_uri");
  if (page.includes("Redirect URI Error")) {
    throw new UserError(
      `authentik refuses the redirect URI \`${redirectUri}\`: the provider's list has no entry that equals it. ` +
        "It must be the origin people open, without a slash at the end. Run pulumi refresh, then pulumi up.",
    );
  }
  if (page.includes("Permission denied")) {
    throw new UserError(
      'authentik denies the test user this application ("Permission denied"): a binding on it excludes the user.',
    );
  }
  throw new UserError(
    `authentik answered the authorization request with ${response.status} instead of a login.`,
  );
}

/** What authentik tells Proxmox, by way of the browser, where it refuses a login. */
function explainRefusal(query: URLSearchParams): string {
  const error = query.get("error");
  const said = `authentik refuses the login: ${query.get("error_description") ?? error} (${error}).`;
  return error === "invalid_request"
    ? `${said} From 2026.5 on it says so where the provider's grant types lack authorization_code. Run pulumi refresh, then pulumi up.`
    : said;
}

/** Logs in as a person would, through authentik's flow, and returns the address with the code on Proxmox. */
export async function logIn(browser: Browser, authorizationUrl: string, user: TestUser): Promise<URL> {
  let location = await openAuthorization(browser, authorizationUrl);
  for (let step = 0; step < mostSteps; step++) {
    const target = new URL(location, authorizationUrl);
    if (target.searchParams.has("code")) return target;
    if (target.searchParams.has("error")) throw new UserError(explainRefusal(target.searchParams));
    const flow = /^\/if\/flow\/([^/]+)\//.exec(target.pathname)?.[1];
    location = flow
      ? await runFlow(browser, flow, target.searchParams, user)
      : await openAuthorization(browser, target.href);
  }
  throw new UserError(`authentik did not finish the login of "${user.username}" within ${mostSteps} steps.`);
}

async function runFlow(
  browser: Browser,
  slug: string,
  query: URLSearchParams,
  user: TestUser,
): Promise<string> {
  const executor = `/api/v3/flows/executor/${slug}/?${new URLSearchParams({ query: query.toString() })}`;
  for (let step = 0; step < mostSteps; step++) {
    const response = await browser.get(executor);
    // An accepted answer sends the browser to the same address again.
    if (response.status === 302) continue;
    const current = challenge.safeParse(response.data);
    if (!current.success) {
      throw new UserError(`authentik's flow "${slug}" answered with ${response.status} and no stage.`);
    }
    if (current.data.component === "xak-flow-redirect" && current.data.to) return current.data.to;
    const reply = await browser.post(executor, answer(current.data, slug, user));
    const refused = challenge.safeParse(reply.data);
    const errors = refused.success ? Object.values(refused.data.response_errors ?? {}).flat() : [];
    if (errors.length > 0) {
      throw new UserError(
        `authentik does not let the test user "${user.username}" in: ${errors.map((error) => error.string).join(" ")} ` +
          "Check the proof's user name and password.",
      );
    }
  }
  throw new UserError(`authentik's flow "${slug}" did not end within ${mostSteps} stages.`);
}

function answer(stage: z.output<typeof challenge>, slug: string, user: TestUser): object {
  const { component, token, password_fields } = stage;
  switch (component) {
    case "ak-stage-identification":
      return { component, uid_field: user.username, ...(password_fields && { password: user.password }) };
    case "ak-stage-password":
      return { component, password: user.password };
    case "ak-stage-consent":
      return { component, token };
    case "ak-stage-access-denied":
      throw new UserError(`authentik denies the test user "${user.username}" access in its flow "${slug}".`);
  }
  throw new UserError(
    `authentik's flow "${slug}" asks the test user for "${component}", which a program cannot answer (a second factor, perhaps). ` +
      "Use a test user without it, or leave the proof's user out: everything up to the login is then proved.",
  );
}
