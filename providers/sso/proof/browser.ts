import { type AxiosInstance, type AxiosResponse, isAxiosError } from "axios";
import { CookieJar } from "tough-cookie";
import { csrfHeaders, type LoginSession } from "../../authentik/session";
import { UserError } from "../../core/errors";
import { createHttp } from "../../http/client";
import { explainNoAnswer } from "../../http/failures";
import { senderInBrackets } from "../../http/sender";
import type { TrustOptions } from "../../http/tls";

/** authentik, or a system in front of it, answered with a status from 500 on. */
export class FailedAnswerError extends UserError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** An HTTP client that behaves like a browser: it stores cookies, and returns error pages instead of failing. */
export class Browser {
  readonly #http: AxiosInstance;
  readonly #jar = new CookieJar();

  constructor(origin: string, trust: TrustOptions) {
    this.#http = createHttp({
      baseUrl: origin,
      headers: {},
      ...trust,
      isPaced: true,
      isTransient: ({ response }) => response !== undefined && response.status >= 500,
    });
    this.#http.defaults.validateStatus = (status) => status < 500;
  }

  get(url: string, headers: Record<string, string> = {}): Promise<AxiosResponse<unknown>> {
    return this.#send("get", url, undefined, headers);
  }

  /** With a session, authentik requires its CSRF token for writes. */
  async post(url: string, data: object): Promise<AxiosResponse<unknown>> {
    return await this.#send("post", url, data, csrfHeaders(await this.session()));
  }

  /** The session, for calls of the API. */
  async session(): Promise<LoginSession> {
    const origin = this.#http.defaults.baseURL ?? "";
    const cookies = await this.#jar.getCookies(origin);
    return {
      origin,
      cookies: await this.#jar.getCookieString(origin),
      csrfToken: cookies.find(({ key }) => key === "authentik_csrf")?.value,
    };
  }

  async #send(
    method: string,
    url: string,
    data?: object,
    headers: Record<string, string> = {},
  ): Promise<AxiosResponse<unknown>> {
    const address = new URL(url, this.#http.defaults.baseURL).href;
    try {
      const response = await this.#http.request<unknown>({
        method,
        url: address,
        data,
        headers: { ...headers, Cookie: await this.#jar.getCookieString(address) },
      });
      for (const cookie of response.headers["set-cookie"] ?? []) {
        await this.#jar.setCookie(cookie, address, { ignoreError: true });
      }
      return response;
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      if (error.response) {
        throw new FailedAnswerError(
          error.response.status,
          `authentik answered ${method.toUpperCase()} ${new URL(address).pathname} with ${error.response.status}${senderInBrackets(error.response)}. ${adviceFor(error.response.status)}`,
        );
      }
      throw explainNoAnswer(error, "authentik", "the CA certificate of authentik");
    }
  }
}

/** authentik itself answers 502 to 504 only while it starts. A proxy does if it cannot reach authentik. */
function adviceFor(status: number): string {
  return status === 500
    ? "See the server's log."
    : "Check that authentik runs, and that a proxy in front of it reaches it.";
}
