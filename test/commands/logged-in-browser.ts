import { logIn } from "../../providers/sso/proof/authentikLogin";
import { Browser } from "../../providers/sso/proof/browser";
import { ProxmoxLogin } from "../../providers/sso/proof/proxmox";
import type { Servers } from "../engine/servers";

/** A person's browser, with a session at authentik and a ticket of Proxmox. */
export class LoggedInBrowser {
  ticket = "";
  #browser: Browser;
  readonly #proxmox: ProxmoxLogin;

  constructor(private readonly servers: Servers) {
    this.#browser = this.#newBrowser();
    const { url, caPem } = servers.proxmox;
    this.#proxmox = new ProxmoxLogin(
      { url, caCertificate: caPem, tokenConfigKey: "unused" },
      "authentik",
      undefined,
    );
  }

  async logIn(username: string, password: string): Promise<void> {
    const { url } = this.servers.proxmox;
    this.#browser = this.#newBrowser();
    const back = await logIn(this.#browser, await this.#proxmox.authorizationUrl(url), {
      username,
      password,
    });
    const { code = "", state = "" } = Object.fromEntries(back.searchParams);
    ({ ticket: this.ticket } = await this.#proxmox.logIn(code, state, url));
  }

  /** Whether authentik redirects this browser to Proxmox without asking for a password. */
  async isLoggedIn(): Promise<boolean> {
    const authorizationUrl = await this.#proxmox.authorizationUrl(this.servers.proxmox.url);
    return logIn(this.#browser, authorizationUrl, { username: "nobody", password: "none" }).then(
      () => true,
      () => false,
    );
  }

  #newBrowser(): Browser {
    return new Browser(this.servers.authentik.httpUrl, {});
  }
}
