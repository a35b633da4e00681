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

/** A user of proofs in authentik, with its session there. */
export class OwnSession {
  readonly username = newName();
  readonly memberships = new Memberships(async (groups) => this.#user?.joinOnly(groups));
  readonly #client: AuthentikClient;
  /** authentik keeps the state of one login in a session. */
  readonly #logins = new Limit(1);
  #user: OwnUser | undefined;
  #loggedIn: Promise<{ user: OwnUser; browser: Browser }> | undefined;
  /** The login with which the session began, if no proof has continued it yet. */
  #begun: Authorization | undefined;
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
  async begin(slug: string, login: BegunLogin): Promise<void> {
    this.#loggedIn ??= this.#logIn(slug, login);
    await this.#loggedIn;
  }

  async #logIn(slug: string, { browser, authorization }: BegunLogin) {
    try {
      const user = await unlessRefused(OwnUser.make(this.#client, slug, this.username));
      this.#user = user;
      await unlessRefused(user.setPassword());
      this.#begun = await passFlow(browser, authorization, user);
      return { user, browser };
    } catch (error) {
      this.#isRefused = error instanceof NoOwnLogin;
      throw error;
    }
  }

  /** Opens an authorization URL in the session. Returns the address at Proxmox with the code. */
  async visit(url: string): Promise<URL> {
    if (this.#loggedIn === undefined) throw new Error("The session has not begun.");
    const { user, browser } = await this.#loggedIn;
    return this.#logins.run(async () => {
      const begun = this.#begun?.url === url ? this.#begun : undefined;
      if (begun) this.#begun = undefined;
      return continueLogin(browser, begun ?? (await openAuthorization(browser, url, user.username)), user);
    });
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
