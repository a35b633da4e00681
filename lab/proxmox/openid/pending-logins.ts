import { randomBytes } from "node:crypto";
import type { Clock } from "../clock";
import { Failure } from "../errors";

/** What a node stores between an auth-url and its login. */
interface PendingLogin {
  nonce: string;
  codeVerifier: string;
  expires: number;
}

const lifetimeMs = 10 * 60 * 1000;
const maximumPerRealm = 101;

export class PendingLogins {
  private readonly byRealm = new Map<string, Map<string, PendingLogin>>();

  constructor(
    private readonly clock: Clock,
    private readonly fileOf = (realm: string) => `/var/lib/pve-manager/proxmox-openid-auth-state-${realm}`,
  ) {}

  /** Returns the state parameter. It is valid for one login within ten minutes. */
  add(realm: string, login: Omit<PendingLogin, "expires">): string {
    const pending = this.byRealm.get(realm) ?? new Map<string, PendingLogin>();
    this.byRealm.set(realm, pending);
    for (const [token, { expires }] of pending) if (expires < this.clock.now()) pending.delete(token);
    if (pending.size >= maximumPerRealm) {
      throw new Failure(`too many pending openid auth request for realm ${realm}`);
    }
    const csrfToken = randomBytes(16).toString("base64url");
    pending.set(csrfToken, { ...login, expires: this.clock.now() + lifetimeMs });
    return JSON.stringify({ csrf_token: csrfToken, realm });
  }

  take(state: string): { realm: string; login: PendingLogin } {
    const { csrfToken, realm } = parseState(state);
    const pending = this.byRealm.get(realm);
    if (pending === undefined) {
      throw new Failure(
        `unable to read json "${this.fileOf(realm)}" - No such file or directory (os error 2)`,
      );
    }
    const login = pending.get(csrfToken);
    pending.delete(csrfToken);
    if (login === undefined || login.expires < this.clock.now()) {
      throw new Failure("no openid auth state found (possible timeout)");
    }
    return { realm, login };
  }
}

function parseState(state: string): { csrfToken: string; realm: string } {
  let value: unknown;
  try {
    value = JSON.parse(state);
  } catch {
    throw new Failure("expected value at line 1 column 1");
  }
  const { csrf_token: csrfToken, realm } = Object(value);
  if (typeof csrfToken !== "string") throw new Failure("missing field `csrf_token`");
  if (typeof realm !== "string") throw new Failure("missing field `realm`");
  return { csrfToken, realm };
}
