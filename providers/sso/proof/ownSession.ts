import type { AuthentikClient } from "../../authentik/client";
import { messageOf } from "../../core/errors";
import { Limit } from "../../core/limit";
import type { BegunLogin } from "./addresses";
import { type Authorization, continueLogin, openAuthorization, passFlow } from "./authentikLogin";
import type { Browser } from "./browser";
import { Memberships } from "./memberships";
import { NoOwnLogin, unlessRefused } from "./noOwnLogin";
import { newName, OwnUser } from "./ownUser";

/** Names of the users of this process's proofs. */
export const namesInUse = new Set<string>();

/** The user of a session that has begun. */
export class LoggedIn {
  readonly memberships: Memberships;
  readonly #user: OwnUser;
  readonly #browser: Browser;
  /** authentik keeps the state of one login in a session. */
  readonly #logins = new Limit(1);
  /** The login with which the session began, if no proof has continued it yet. */
  #begun: Authorization | undefined;

  constructor(user: OwnUser, browser: Browser, begun: Authorization) {
    this.memberships = new Memberships((groups) => user.joinOnly(groups));
    this.#user = user;
    this.#browser = browser;
    this.#begun = begun;
  }

  /** Opens an authorization URL in the session. Returns the address at Proxmox with the code. */
  visit(url: string): Promise<URL> {
    return this.#logins.run(async () => {
      const begun = this.#begun?.url === url ? this.#begun : undefined;
      if (begun) this.#begun = undefined;
      const opened = begun ?? (await openAuthorization(this.#browser, url, this.#user.username));
      return continueLogin(this.#browser, opened, this.#user);
    });
  }
}

/** A user of proofs in authentik, with its session there. */
export class OwnSession {
  readonly username = newName();
  readonly #client: AuthentikClient;
  #user: OwnUser | undefined;
  #loggedIn: Promise<LoggedIn> | undefined;
  #isRefused = false;

  constructor(client: AuthentikClient) {
    this.#client = client;
    namesInUse.add(this.username);
  }

  /** Whether a proof has begun to make the user. */
  get isBegun(): boolean {
    return this.#loggedIn !== undefined;
  }

  /** Whether the user was made in authentik. */
  get isMade(): boolean {
    return this.#user !== undefined;
  }

  /** Makes the user in authentik and logs it in, once. */
  begin(slug: string, login: BegunLogin): Promise<LoggedIn> {
    this.#loggedIn ??= this.#logIn(slug, login);
    return this.#loggedIn;
  }

  async #logIn(slug: string, { browser, authorization }: BegunLogin): Promise<LoggedIn> {
    try {
      const user = await unlessRefused(OwnUser.make(this.#client, slug, this.username));
      this.#user = user;
      await unlessRefused(user.setPassword());
      return new LoggedIn(user, browser, await passFlow(browser, authorization, user));
    } catch (error) {
      this.#isRefused = error instanceof NoOwnLogin;
      throw error;
    }
  }

  /** Whether somebody has deleted the user in authentik. */
  async isGone(): Promise<boolean> {
    return (await this.#user?.isGone()) ?? false;
  }

  /** Returns why the user could not be removed. */
  async remove(): Promise<string[]> {
    try {
      await this.#user?.remove();
      return [];
    } catch (error) {
      // A token that may not make users may not remove them either.
      return this.#isRefused ? [] : [messageOf(error)];
    } finally {
      namesInUse.delete(this.username);
    }
  }
}
