import type { AxiosResponse } from "axios";
import { UserError } from "../../core/errors";
import { isRedirect, withoutQuery } from "../../http/failures";
import { parseUrl } from "../../http/host";
import type { Browser } from "./browser";
import { type Challenge, challengeIn, errorsIn } from "./challenge";
import { explainErrors, refuseEnd } from "./flowEnd";
import { explainNoStage, explainPage, explainScheme, pathsOfLogin } from "./pages";
import { answer, explainStage, type TestUser, titleOf, UnmetDemandError } from "./stages";

export type { TestUser } from "./stages";

/** A browser that opens authentik's pages. */
type Pages = Pick<Browser, "get" | "post">;

/** More steps than any login has. Ends the loops of a broken flow. */
const mostSteps = 30;

/** An authorization request that authentik has answered. The same browser can log in with it. */
export interface Authorization {
  readonly url: string;
  /** The address to which authentik redirects the browser. */
  readonly target: URL;
  /** The user who has a session at authentik already. */
  readonly username?: string;
}

/**
 * Opens an authorization URL, as the first step of a login.
 * @param username the user who has a session at authentik already
 */
export async function openAuthorization(
  browser: Pages,
  url: string,
  username?: string,
): Promise<Authorization> {
  const session = username === undefined ? {} : { username };
  return { url, target: await open(browser, url, { ...visitOf(url), ...session }), ...session };
}

/** A visit to authentik: its start, and the address where it must end. */
interface Visit {
  readonly origin: string;
  readonly redirectUri: string;
  /** The user who has logged in already. */
  readonly username?: string;
}

function visitOf(authorizationUrl: string): Visit {
  const { origin, searchParams } = new URL(authorizationUrl);
  return { origin, redirectUri: searchParams.get("redirect_uri") ?? "" };
}

async function open(browser: Pages, url: string, visit: Visit): Promise<URL> {
  const response = await browser.get(url);
  const { location } = response.headers;
  if (response.status < 300 || response.status > 399 || typeof location !== "string") {
    throw explainPage(response, new URL(url, visit.origin).pathname, visit);
  }
  return nextAddress(location, url, visit);
}

/** The next address of the browser: at authentik, or the redirect URI at Proxmox. */
function nextAddress(location: string, base: string, { origin, redirectUri }: Visit): URL {
  const target = parseUrl(location, base);
  if (target === undefined) {
    throw new UserError(
      `authentik sends the browser to "${location}", which is not an address. See authentik's log.`,
    );
  }
  if (isBack(target, redirectUri)) {
    if (target.searchParams.has("error")) throw new UserError(explainRefusal(target.searchParams));
    return target;
  }
  if (target.origin === origin) return target;
  const { hostname, port } = new URL(origin);
  const isItself = target.hostname === hostname && target.port === port;
  throw isItself ? explainScheme(target.origin, origin) : explainElsewhere(target.origin);
}

function explainElsewhere(place: string): UnmetDemandError {
  const elsewhere = `authentik's address sends the browser to ${place} instead of its own login: to an external source, or an access portal in front of it.`;
  return new UnmetDemandError(
    elsewhere,
    `${elsewhere} A program cannot log in there. Use a test user with a password in authentik. If there is a portal, let it pass the paths below ${pathsOfLogin}.`,
  );
}

/** The error that authentik sends to Proxmox through the browser. */
function explainRefusal(query: URLSearchParams): string {
  const error = query.get("error");
  const said = `authentik refuses the login: ${query.get("error_description") ?? error} (${error}).`;
  return error === "invalid_request"
    ? `${said} authentik 2026.5 and later answer this if the provider's grant types lack authorization_code. Run pulumi refresh, then pulumi up.`
    : said;
}

/** Logs in through authentik's flows, as a person does. Returns the address at Proxmox with the code. */
export async function logIn(browser: Pages, authorizationUrl: string, user: TestUser): Promise<URL> {
  return continueLogin(browser, await openAuthorization(browser, authorizationUrl), user);
}

/** The rest of a login whose authorization URL this browser has opened. */
export async function continueLogin(browser: Pages, begun: Authorization, user: TestUser): Promise<URL> {
  const { redirectUri } = visitOf(begun.url);
  let login = begun;
  for (let step = 0; step < mostSteps; step++) {
    if (isBack(login.target, redirectUri)) return login.target;
    login = await nextStep(browser, login, user);
  }
  throw endless(user);
}

/** The login up to the end of its first flow, after which the user has a session. */
export async function passFlow(browser: Pages, begun: Authorization, user: TestUser): Promise<Authorization> {
  let login = begun;
  for (let step = 0; step < mostSteps; step++) {
    if (login.username !== undefined || isBack(login.target, visitOf(login.url).redirectUri)) return login;
    login = await nextStep(browser, login, user);
  }
  throw endless(user);
}

async function nextStep(browser: Pages, login: Authorization, user: TestUser): Promise<Authorization> {
  const { url, target, username } = login;
  const flow = flowIn(target.pathname);
  if (flow === undefined) {
    const visit = { ...visitOf(url), ...(username !== undefined && { username }) };
    return { ...login, target: await open(browser, target.href, visit) };
  }
  const to = await runFlow(browser, flow, target.searchParams, user);
  return { url, target: nextAddress(to, url, visitOf(url)), username: user.username };
}

function endless(user: TestUser): UserError {
  return new UserError(
    `authentik did not finish the login of "${user.username}" within ${mostSteps} steps: it redirects the browser in a loop. ` +
      "Log in there by hand with this user, and check the flow's stages. Without a User Login Stage, a flow logs nobody in.",
  );
}

/** The code and the state in the address with which authentik sends the browser back. */
export function codeIn({ searchParams }: URL): [string, string] {
  const { code, state } = Object.fromEntries(searchParams);
  if (code === undefined || state === undefined) {
    throw new UserError("authentik sent the browser back without code and state.");
  }
  return [code, state];
}

/** Logs in at authentik itself, with the flow of its brand. The browser then has a session. */
export async function signIn(browser: Pages, origin: string, user: TestUser): Promise<void> {
  const visit = { origin, redirectUri: "" };
  const start = new URL("/flows/-/default/authentication/?next=/", origin);
  let target = await open(browser, start.href, visit);
  for (let step = 0; step < mostSteps; step++) {
    const flow = flowIn(target.pathname);
    if (flow === undefined && step > 0) return;
    if (flow === undefined) {
      throw new UserError(
        `authentik's address sends the browser to ${target.pathname} instead of a flow. See its log.`,
      );
    }
    // A Redirect Stage leads to another flow.
    target = nextAddress(await runFlow(browser, flow, target.searchParams, user), start.href, visit);
  }
  throw endless(user);
}

function flowIn(path: string): string | undefined {
  return /^\/if\/flow\/([^/]+)\//.exec(path)?.[1];
}

function isBack({ origin, searchParams }: URL, redirectUri: string): boolean {
  const isAnswer = searchParams.has("code") || searchParams.has("error");
  return isAnswer && origin === parseUrl(redirectUri)?.origin;
}

async function runFlow(
  browser: Pages,
  slug: string,
  query: URLSearchParams,
  user: TestUser,
): Promise<string> {
  const executor = `/api/v3/flows/executor/${slug}/?${new URLSearchParams({ query: query.toString() })}`;
  const passed: string[] = [];
  let answered: Challenge | undefined;
  let response = await browser.get(executor);
  for (let step = 0; step < mostSteps; step++) {
    if (isRedirect(response)) {
      requireItself(response, slug, executor);
      if (answered) passed.push(titleOf(answered.component));
      answered = undefined;
      response = await browser.get(executor);
      continue;
    }
    const stage = challengeIn(response.data);
    if (!stage) throw explainNoStage(response, slug);
    const errors = errorsIn(stage);
    if (answered && errors.length > 0) throw explainErrors(stage, errors, slug, user);
    if (stage.component === "xak-flow-redirect" && stage.to !== undefined) return stage.to;
    refuseEnd(stage, slug, user, answered);
    const reply = answer(stage, user);
    if (!reply) throw explainStage(stage, slug, user, passed);
    answered = stage;
    response = await browser.post(executor, reply);
  }
  throw new UserError(
    `authentik's flow "${slug}" did not end within ${mostSteps} stages. It came to ${[...new Set(passed)].join(", ") || "the same stage"} again and again.`,
  );
}

/** authentik redirects to the same address after an accepted answer. A portal in front redirects elsewhere. */
function requireItself(response: AxiosResponse<unknown>, slug: string, executor: string): void {
  const { location } = response.headers;
  const target = typeof location === "string" ? parseUrl(location, placeholder) : undefined;
  if (target === undefined) throw explainNoStage(response, slug);
  const own = new URL(executor, placeholder);
  if (target.pathname === own.pathname) return;
  throw explainElsewhere(target.origin === own.origin ? target.pathname : withoutQuery(target.href));
}

/** The base of addresses whose origin does not matter. */
const placeholder = "https://authentik.invalid";
