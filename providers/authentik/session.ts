/** A login session of a browser. authentik's API accepts it too. */
export interface LoginSession {
  readonly origin: string;
  /** Value of the `Cookie` header. */
  readonly cookies: string;
  readonly csrfToken: string | undefined;
}

/** authentik requires these headers for writes with a session. Over https, Django also checks the referrer. */
export function csrfHeaders({ origin, csrfToken }: LoginSession): Record<string, string> {
  return csrfToken === undefined ? {} : { "X-authentik-CSRF": csrfToken, Referer: `${origin}/` };
}
