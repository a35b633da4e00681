import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { checkServerIdentity, TLSSocket } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { describeProxy, type HttpProxy } from "./proxy";
import { secured, type TrustOptions, verifiedBy } from "./tls";

type ConnectOptions = Parameters<HttpsProxyAgent<string>["connect"]>[1];

/** The proxy did not answer, so the server received nothing. axios reports this code. */
export const proxyUnreachable = "PROXY_UNREACHABLE";
/** The proxy refuses to connect to the server. */
export const proxyRefuses = "PROXY_REFUSES";

/**
 * Connections through a proxy's CONNECT. The server's certificate is verified inside the tunnel. The certificate of
 * an https proxy is verified by the CAs trusted here.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #proxy: HttpProxy;
  readonly #trust: TrustOptions;

  constructor(proxy: HttpProxy, trust: TrustOptions) {
    super(proxy.url, { keepAlive: true, ...verifiedBy({ caCertificate: trust.caCertificate }) });
    this.#proxy = proxy;
    this.#trust = trust;
  }

  override isSecureEndpoint(): boolean {
    return true;
  }

  override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    let answer = 0;
    request.once("proxyConnect", ({ statusCode }: { statusCode: number }) => {
      answer = statusCode;
    });
    const socket = await this.#tunnelTo(request, options);
    if (!(socket instanceof TLSSocket)) {
      // The proxy's own answer must not be mistaken for the server's.
      socket.destroy();
      throw this.#failure(proxyRefuses, `answers CONNECT ${options.host}:${options.port} with ${answer}`);
    }
    await secured(socket, this.#trust);
    return socket;
  }

  async #tunnelTo(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
    const { host = "" } = options;
    const verified = {
      ...options,
      ...verifiedBy(this.#trust),
      secureEndpoint: true as const,
      port: Number(options.port ?? 443),
      // The tunnel's socket does not recognize an IP address as the server's name.
      checkServerIdentity: (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
        checkServerIdentity(host, certificate),
    };
    try {
      return await super.connect(request, verified);
    } catch (error) {
      throw this.#failure(proxyUnreachable, error instanceof Error ? error.message : String(error));
    }
  }

  #failure(code: string, reason: string): Error {
    return Object.assign(new Error(`the proxy ${describeProxy(this.#proxy)}: ${reason}`), { code });
  }
}
