import type { AxiosInstance } from "axios";
import { z } from "zod";
import { retryRules, wordOf } from "../../accessControl/errors";
import type { Product } from "../../accessControl/product";
import { UserError } from "../../core/errors";
import { createHttp } from "../../http/client";
import { answerOf, explainNoAnswer, isAxiosError, notTheApi } from "../../http/failures";
import type { TrustOptions } from "../../http/tls";
import { nodeTrustCommands } from "../../pki/trust";
import { isProxmoxJson } from "../../proxmox/errors";
import { ticketIn } from "../../proxmox/session";
import type { ProvedPage } from "./addresses";
import { explainIssuer } from "./discovery";

const probeMilliseconds = 5000;
const loggedIn = z.object({ username: z.string(), ticket: z.string().optional() });

/** The calls of the login page of Backup Server or Datacenter Manager, which need no token. */
export class OtherLogin implements ProvedPage {
  readonly #http: AxiosInstance;
  readonly #product: Product;
  readonly realm: string;
  readonly #authentikCa: string | undefined;

  /** @param authentikCa PEM of the CA that the server must trust, for the commands in the message if it does not. */
  constructor(
    product: Product,
    server: TrustOptions & { readonly url: string },
    realm: string,
    authentikCa: string | undefined,
  ) {
    this.#product = product;
    this.realm = realm;
    this.#authentikCa = authentikCa;
    const { url, caCertificate, fingerprint } = server;
    this.#http = createHttp({ baseUrl: url, headers: {}, caCertificate, fingerprint, ...retryRules });
  }

  async whyUnanswered(): Promise<string | undefined> {
    try {
      const options = { timeout: probeMilliseconds, "axios-retry": { retries: 0 } };
      const response = await this.#http.get("/api2/json/access/domains", options);
      return isProxmoxJson(response.data) ? undefined : notTheApi(response, "Proxmox").message;
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      return error.response === undefined
        ? explainNoAnswer(error, this.#product.name, "`caCertificate`").message
        : notTheApi(error.response, "Proxmox").message;
    }
  }

  async authorizationUrl(redirectUrl: string): Promise<string> {
    const { data } = await this.#post("openid/auth-url", { realm: this.realm, "redirect-url": redirectUrl });
    return z.string().parse(data);
  }

  /** Who logged in, and the ticket, which Datacenter Manager sends as a cookie only. */
  async logIn(
    code: string,
    state: string,
    redirectUrl: string,
  ): Promise<{ username: string; ticket: string }> {
    const { data, cookies } = await this.#post("openid/login", { code, state, "redirect-url": redirectUrl });
    const { username, ticket = ticketIn(cookies, this.#cookie) ?? "" } = loggedIn.parse(data);
    return { username, ticket };
  }

  /** What the user with this ticket may do, by path. */
  async permissions(ticket: string): Promise<Record<string, unknown>> {
    const Cookie = `${this.#cookie}=${encodeURIComponent(ticket)}`;
    const { data } = await this.#http.get("/api2/json/access/permissions", { headers: { Cookie } });
    return z.object({ data: z.record(z.string(), z.unknown()) }).parse(data).data;
  }

  get #cookie(): string {
    return this.#product.credentialForm.ticketCookie;
  }

  async #post(
    path: string,
    form: Record<string, string>,
  ): Promise<{ data: unknown; cookies: string[] | undefined }> {
    try {
      const response = await this.#http.post<{ data: unknown }>(
        `/api2/json/access/${path}`,
        new URLSearchParams(form),
      );
      if (!isProxmoxJson(response.data)) throw notTheApi(response, "Proxmox");
      return { data: response.data.data, cookies: response.headers["set-cookie"] };
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      const answer = answerOf(error);
      if (answer === undefined) throw explainNoAnswer(error, this.#product.name, "`caCertificate`");
      const said = wordOf(answer);
      if (said === undefined) throw notTheApi(answer, "Proxmox");
      throw new UserError(this.#explained(answer.status, said));
    }
  }

  /** What the server said (recorded), which link of the chain that means, and what to do. */
  #explained(status: number, said: string): string {
    const { name } = this.#product;
    const raw = `${name} says ${status} "${said}".`;
    const [, told, expected] = /unexpected issuer URI `(.*?)` \(expected `(.*?)`\)/.exec(said) ?? [];
    if (told && expected) return `${raw} ${explainIssuer(told, expected)}`;
    if (said === "Request failed") {
      return (
        `${raw} authentik answers this machine, so ${name} cannot reach it, or does not trust the CA of authentik's certificate. ` +
        `Check DNS, routes and firewalls on ${name}. For the CA, paste this into a root shell there. It takes effect immediately:\n` +
        nodeTrustCommands(this.#authentikCa ?? "(the PEM of that CA)")
      );
    }
    const [, advice] = advices.find(([pattern]) => pattern.test(said)) ?? [];
    return advice === undefined ? raw : `${raw} ${advice}`;
  }
}

const advices: readonly (readonly [RegExp, string])[] = [
  [
    /^Failed to contact token endpoint/,
    "authentik refuses the code: the client key or the redirect URI differs on the two servers. Run pulumi refresh, then pulumi up.",
  ],
  [
    /^missing claim/,
    "authentik does not send the claim of `usernameClaim`, or not in the realm's scopes: username needs the scope profile.",
  ],
  [
    /missing, disabled or expired/,
    "List the user under `members` of a group, or let the realm create users with `autocreate`. If the user exists, enable it.",
  ],
  [/ is disabled\.$/, "Enable the user there."],
  [/^autocreate user failed/, "The user has expired there. Set a later day."],
  [/^invalid user name/, "The user name may have no space, `/` or `:`."],
  [/may only be 64 characters/, "The claim of `usernameClaim` is too long. Use username."],
  [/^no such openid/, "The realm is not there. Run pulumi refresh, then pulumi up."],
];
