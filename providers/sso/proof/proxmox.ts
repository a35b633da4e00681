import type { AxiosError, AxiosInstance } from "axios";
import { z } from "zod";
import { UserError } from "../../core/errors";
import { createHttp } from "../../http/client";
import {
  answerOf,
  explainNoAnswer,
  explainRedirect,
  isAxiosError,
  isRedirect,
  notTheApi,
} from "../../http/failures";
import type { ProxmoxConnection } from "../../proxmox/connection";
import { isProxmoxJson, retryRules, wordOf } from "../../proxmox/errors";
import { explainFailure } from "./causes";

/** A reachable node answers within milliseconds. One behind a firewall never answers. */
const probeMilliseconds = 5000;
const authorization = "openid/auth-url";
const ticket = z.object({ ticket: z.string(), username: z.string() });

/**
 * The node's request to authentik failed with a status such as 500, for example because authentik is overloaded.
 * The login has not started.
 */
function failedAtAuthentik({ config, response }: AxiosError): boolean {
  const said = response && wordOf(response);
  return !!config?.url?.endsWith(authorization) && /http status: 5/.test(said ?? "");
}

/** The API calls of Proxmox's login page. They need no token. */
export class ProxmoxLogin {
  readonly #http: AxiosInstance;
  readonly realm: string;
  readonly #authentikCa: string | undefined;

  /** @param authentikCa PEM of the CA that the node must trust, for the commands in error messages */
  constructor(proxmox: ProxmoxConnection, realm: string, authentikCa: string | undefined) {
    this.realm = realm;
    this.#authentikCa = authentikCa;
    this.#http = createHttp({
      baseUrl: proxmox.url,
      headers: {},
      caCertificate: proxmox.caCertificate,
      fingerprint: proxmox.fingerprint,
      ...retryRules,
      isRefusedForNow: (error) => !!retryRules.isRefusedForNow?.(error) || failedAtAuthentik(error),
    });
  }

  /** Why this machine cannot reach the address, if it cannot. Uses a call that needs no token and no authentik. */
  async whyUnanswered(): Promise<string | undefined> {
    try {
      const response = await this.#http.get("/api2/json/access/domains", {
        timeout: probeMilliseconds,
        "axios-retry": { retries: 0 },
      });
      return isProxmoxJson(response.data) ? undefined : notTheApi(response, "Proxmox").message;
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      return error.response === undefined
        ? explainNoAnswer(error, "Proxmox", "`proxmoxCa`").message
        : notTheApi(error.response, "Proxmox").message;
    }
  }

  /** The authorization URL. Proxmox reads authentik's discovery document to create it. */
  async authorizationUrl(redirectUrl: string): Promise<string> {
    return this.#call(z.string(), "post", authorization, {
      realm: this.realm,
      "redirect-url": redirectUrl,
    });
  }

  async logIn(code: string, state: string, redirectUrl: string): Promise<z.output<typeof ticket>> {
    return this.#call(ticket, "post", "openid/login", { code, state, "redirect-url": redirectUrl });
  }

  /** The permissions of the ticket's user by path. An empty object is a user without permissions. */
  async permissions(ticketValue: string): Promise<Record<string, unknown>> {
    const anything = z.record(z.string(), z.unknown());
    return this.#call(anything, "get", "permissions", undefined, {
      Cookie: `PVEAuthCookie=${encodeURIComponent(ticketValue)}`,
    });
  }

  async #call<Value>(
    expected: z.ZodType<Value>,
    method: string,
    path: string,
    form?: Record<string, string>,
    headers = {},
  ): Promise<Value> {
    try {
      const url = `/api2/json/access/${path}`;
      const body = form && new URLSearchParams(form);
      const response = await this.#http.request<{ data: unknown }>({ method, url, data: body, headers });
      const { success, data: value } = z.object({ data: expected }).safeParse(response.data);
      if (success) return value.data;
      throw notTheApi(response, "Proxmox");
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      const answer = answerOf(error);
      if (answer === undefined) throw explainNoAnswer(error, "Proxmox", "`proxmoxCa`");
      if (isRedirect(answer)) throw explainRedirect(answer, "Proxmox");
      const said = wordOf(answer);
      if (said === undefined) throw notTheApi(answer, "Proxmox");
      throw new UserError(explainFailure(answer.status, said, this.#authentikCa));
    }
  }
}
