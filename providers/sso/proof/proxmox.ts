import type { AxiosInstance } from "axios";
import { z } from "zod";
import { UserError } from "../../core/errors";
import { createHttp } from "../../http/client";
import { explainNoAnswer, isAxiosError } from "../../http/failures";
import type { ProxmoxConnection } from "../../proxmox/connection";
import { explainIssuer } from "./discovery";

const ticket = z.object({ ticket: z.string(), username: z.string() });

/** The calls of Proxmox's login page, which need no token. */
export class ProxmoxLogin {
  readonly #http: AxiosInstance;
  readonly #realm: string;

  constructor(proxmox: ProxmoxConnection, realm: string) {
    this.#realm = realm;
    this.#http = createHttp({
      baseUrl: proxmox.url,
      headers: {},
      caCertificate: proxmox.caCertificate,
      isTransient: () => false,
    });
  }

  /** Where Proxmox sends the browser. Proxmox performs discovery on authentik for it, from the node. */
  async authorizationUrl(redirectUrl: string): Promise<string> {
    const data = await this.#call("post", "openid/auth-url", {
      realm: this.#realm,
      "redirect-url": redirectUrl,
    });
    return z.string().parse(data);
  }

  async logIn(code: string, state: string, redirectUrl: string): Promise<z.output<typeof ticket>> {
    const data = await this.#call("post", "openid/login", { code, state, "redirect-url": redirectUrl });
    return ticket.parse(data);
  }

  /** What the user with this ticket may do, by path; an empty one logged in and may do nothing. */
  async permissions(ticketValue: string): Promise<Record<string, unknown>> {
    const data = await this.#call("get", "permissions", undefined, {
      Cookie: `PVEAuthCookie=${encodeURIComponent(ticketValue)}`,
    });
    return z.record(z.string(), z.unknown()).parse(data);
  }

  async #call(method: string, path: string, form?: Record<string, string>, headers = {}): Promise<unknown> {
    try {
      const url = `/api2/json/access/${path}`;
      const data = form && new URLSearchParams(form);
      const response = await this.#http.request<{ data: unknown }>({ method, url, data, headers });
      return response.data.data;
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      if (error.response === undefined) throw explainNoAnswer(error, "Proxmox", "`proxmoxCa`");
      throw new UserError(explainFailure(error.response.status, error.response.statusText));
    }
  }
}

const caAdvice =
  "The Proxmox node does not trust the CA of authentik's TLS certificate. On every node: put the CA's PEM into " +
  "/usr/local/share/ca-certificates/authentik-ca.crt and run update-ca-certificates; it counts at once. " +
  "The stack output `nodeTrustCommands` has the lines to paste.";

/** Proxmox's raw messages (measured, see FACTS of the recordings) by the link of the chain they mean. */
const causes: readonly (readonly [RegExp, string])[] = [
  [/unable to get local issuer certificate|self.signed certificate/, caAdvice],
  [
    /hostname mismatch|IP address mismatch/,
    "authentik's TLS certificate is not for the host name in the issuer. Issue one that has this name.",
  ],
  [/certificate has expired/, "authentik's TLS certificate has expired. Renew it."],
  [
    /certificate is not yet valid/,
    "The node's clock is behind: authentik's TLS certificate is not valid yet. Set the clock (chrony).",
  ],
  [
    /Connection refused/,
    "The node reaches authentik's host, but nothing listens on that port. Check the port and firewalls between them.",
  ],
  [
    /Name or service not known|lookup address/,
    "The node cannot resolve authentik's host name. Check DNS or /etc/hosts on the node.",
  ],
  [
    /Connection reset/,
    "The connection from the node to authentik was cut. Check proxies and firewalls between them.",
  ],
  [/missing field `keys`/, "authentik's provider has no signing key. Run pulumi refresh, then pulumi up."],
  [
    /http status: 404/,
    "authentik has no application with the slug in the issuer. Run pulumi refresh, then pulumi up.",
  ],
  [
    /http status: 5/,
    "authentik failed while the node asked it. A signing certificate without private key or with ed25519 does that; see authentik's log.",
  ],
  [/does not exist/, "The realm is not on this Proxmox. Run pulumi refresh, then pulumi up."],
];

function explainFailure(status: number, said: string): string {
  const raw = `Proxmox says ${status} "${said}".`;
  const issuers = /unexpected issuer URI `(.*?)` \(expected `(.*?)`\)/.exec(said);
  if (issuers?.[1] && issuers[2]) return `${raw} ${explainIssuer(issuers[1], issuers[2])}`;
  const cause = causes.find(([pattern]) => pattern.test(said));
  if (cause) return `${raw} ${cause[1]}`;
  if (status === 595 || status === 596) {
    return `${raw} The node waited 30 s for authentik in vain: it is reachable from here, but not from the node. Check routes and firewalls.`;
  }
  if (status === 401) {
    return (
      `${raw} Proxmox tells the reason only in the node's log: journalctl -u pvedaemon -n 20. Usual ones: an encryption key on the provider; ` +
      "a client key that differs on the two sides; a username claim that is missing, too long (over 64 with the realm) or has a space or `/`; " +
      "autocreate off and no such user; a user that is disabled or expired; a clock that is ahead of the node's."
    );
  }
  return raw;
}
