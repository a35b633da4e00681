import type { AxiosResponse } from "axios";
import { isPageOfAuthentik } from "../../authentik/errors";
import { UserError } from "../../core/errors";
import { describeSender } from "../../http/sender";
import { trustNetwork } from "./discovery";

/** Pages of authentik in every language load files from this path (recorded). */
const ofAuthentik = "/static/dist/";
/**
 * Icon on authentik's denial page. No other page has it (recorded;
 * authentik/policies/templates/policies/denied.html).
 */
const deniedSign = "pf-icon-error-circle-o";

/** authentik knows the user, but denies access to the application. */
export class DeniedError extends UserError {}

/** The paths of a login. A person's browser loads more. */
export const pathsOfLogin = "/application/o/, /flows/, /if/flow/ and /api/v3/flows/";

/** Whether this is authentik's denial page, in any language. */
export function isDenial(page: string): boolean {
  return page.includes(deniedSign);
}

/** The heading of a page, or its title. */
export function headingOf(page: string): string {
  const [, heading] =
    /<h1[^>]*>([\s\S]*?)<\/h1>/i.exec(page) ?? /<title[^>]*>([\s\S]*?)<\/title>/i.exec(page) ?? [];
  return (heading ?? "")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** authentik builds addresses from the request, so it knows another scheme than the browser. */
export function explainScheme(place: string, origin: string): UserError {
  return new UserError(
    `authentik sends the browser from ${origin} to ${place}, its own host with another scheme: the proxy in front does not pass X-Forwarded-Proto, ` +
      `or authentik 2026.8 and later do not trust the proxy: ${trustNetwork}`,
  );
}

/**
 * Explains a page that authentik shows instead of a login.
 * @param path the path of the page
 * @param username the user who has logged in already
 */
export function explainPage(
  response: AxiosResponse<unknown>,
  path: string,
  { redirectUri, username }: { readonly redirectUri: string; readonly username?: string },
): UserError {
  const { status, data } = response;
  const page = String(data);
  const heading = headingOf(page);
  // authentik does not translate this text or its description.
  if (page.includes("Redirect URI Error")) {
    return new UserError(
      `authentik refuses the redirect URI \`${redirectUri}\`: the provider's list does not have it. ` +
        "It must be the address that people open, without a slash at the end. Run pulumi refresh, then pulumi up.",
    );
  }
  if (username !== undefined && !path.startsWith("/application/")) {
    return new UserError(
      `authentik's flows end at its page ${path} instead of the way back to Proxmox. Look at the flow for a Redirect Stage or a policy that changes the destination: log in there by hand with "${username}".`,
    );
  }
  if (!page.includes(ofAuthentik) && !isPageOfAuthentik(response)) {
    return new UserError(
      `The answer to the authorization request, ${status}, is not a page of authentik${heading && `: "${heading}"`}. ` +
        `A system in front of authentik answers instead, such as an access portal or a bot protection. Let it pass the paths below ${pathsOfLogin}.`,
    );
  }
  if (isDenial(page)) {
    if (username === undefined) {
      return new UserError(
        `authentik denies the application before anybody logs in ("${heading}"): its provider has no application. Run pulumi refresh, then pulumi up.`,
      );
    }
    return new DeniedError(
      `authentik denies the test user "${username}" access to this application ("${heading}"). A binding, or a policy or a requirement of the authorization flow, excludes the user. ` +
        "Put the user into a group of `access`, or run pulumi refresh, then pulumi up. " +
        "With `allowEveryone`, look at the setting for applications without bindings, under System > Settings.",
    );
  }
  return new UserError(
    `authentik answered the authorization request with ${status} and the page "${heading}" instead of a login. Run pulumi refresh, then pulumi up.`,
  );
}

/** Explains an answer of a flow that is not a stage. It comes from authentik itself, or from a system in front of it. */
export function explainNoStage(response: AxiosResponse<unknown>, slug: string): UserError {
  const { status, data } = response;
  const isItsOwn =
    isPageOfAuthentik(response) || (typeof data === "object" && data !== null && "detail" in data);
  const advice = isItsOwn
    ? ownAdvice(data)
    : `A system in front of authentik answers instead. Let it pass the paths below ${pathsOfLogin} unchanged.`;
  return new UserError(
    `authentik's flow "${slug}" answered with ${status} and no stage (${describeSender(response)}). ${advice}`,
  );
}

/** Django's check against forged requests compares the scheme, the host and a cookie. */
function ownAdvice(data: unknown): string {
  return JSON.stringify(data ?? "").includes("CSRF Failed")
    ? `A proxy in front changes the scheme or the host, or drops authentik's cookies or headers. If it sends X-Forwarded-Proto and the host, ${trustNetwork}`
    : "See authentik's log.";
}
