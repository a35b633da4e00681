/** A login in a browser, by which authentik answers calls of its API as well. */
export interface LoginSession {
  readonly origin: string;
  /** As the header has them. */
  readonly cookies: string;
  readonly csrfToken: string | undefined;
}

/** Without them, authentik refuses a write of whoever is logged in. Over https, Django also checks the referrer. */
export function csrfHeaders({ origin, csrfToken }: LoginSession): Record<string, string> {
  return csrfToken === undefined ? {} : { "X-authentik-CSRF": csrfToken, Referer: `${origin}/` };
}
