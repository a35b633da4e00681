import { Agent, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { connect, createSecureContext, rootCertificates, type SecureContext } from "node:tls";

/** How a server's TLS certificate is recognised. */
export interface TrustOptions {
  /** PEM of a CA to trust besides the public ones. */
  readonly caCertificate?: string | undefined;
  /** SHA-256 fingerprint of the server's own certificate, with or without colons. Nothing else counts then. */
  readonly fingerprint?: string | undefined;
}

/** Not the certificate that was pinned; axios reports it by this code. */
export const wrongFingerprint = "WRONG_FINGERPRINT";

export function httpsAgent({ caCertificate, fingerprint }: TrustOptions): Agent {
  if (fingerprint !== undefined) return new PinningAgent(fingerprint);
  return new Agent({
    keepAlive: true,
    ...(caCertificate && { secureContext: contextFor(caCertificate) }),
  });
}

const contexts = new Map<string, SecureContext>();

/** Made once for each CA: reading the public ones takes longer than a connection. */
function contextFor(caCertificate: string): SecureContext {
  const context =
    contexts.get(caCertificate) ?? createSecureContext({ ca: [...rootCertificates, caCertificate] });
  contexts.set(caCertificate, context);
  return context;
}

/** Hands a connection to the HTTP client only once its certificate is the pinned one, so that no token leaves before. */
class PinningAgent extends Agent {
  readonly #fingerprint: string;

  constructor(fingerprint: string) {
    super({ keepAlive: true });
    this.#fingerprint = plain(fingerprint);
  }

  override createConnection(
    { host, port, servername }: RequestOptions,
    connected?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const socket = connect({
      host: host ?? "localhost",
      port: Number(port ?? 443),
      ...(servername && { servername }),
      // Its fingerprint is checked instead.
      rejectUnauthorized: false,
    });
    socket.once("error", (error) => connected?.(error, socket));
    socket.once("secureConnect", () => {
      const found = socket.getPeerX509Certificate()?.fingerprint256 ?? "";
      if (plain(found) === this.#fingerprint) return connected?.(null, socket);
      const refusal = new Error(`its SHA-256 fingerprint is ${found}`);
      socket.destroy(Object.assign(refusal, { code: wrongFingerprint }));
    });
  }
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}
