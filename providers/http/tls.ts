import { Agent, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { trusting } from "./trust";

/** How to verify a server's TLS certificate. */
export interface TrustOptions {
  /** PEM of a CA to trust in addition to the public ones and those of this machine. */
  readonly caCertificate?: string | undefined;
  /** SHA-256 fingerprint of the server's own certificate, with or without colons. No other certificate is accepted. */
  readonly fingerprint?: string | undefined;
}

/** The certificate is not the pinned one. axios reports this code. */
export const wrongFingerprint = "WRONG_FINGERPRINT";

/**
 * The options of a TLS connection. They set everything about verification explicitly, because
 * NODE_TLS_REJECT_UNAUTHORIZED or NODE_OPTIONS could change the defaults.
 */
export function verifiedBy({ caCertificate, fingerprint }: TrustOptions): ConnectionOptions {
  return {
    secureContext: trusting(caCertificate),
    // `secured` checks a pinned certificate.
    rejectUnauthorized: fingerprint === undefined,
  };
}

/** Direct connections to a server. */
export function directAgent(trust: TrustOptions): Agent {
  const { fingerprint } = trust;
  return fingerprint === undefined
    ? new Agent({ keepAlive: true, ...verifiedBy(trust) })
    : new PinningAgent({ ...trust, fingerprint });
}

/** Passes a connection to the HTTP client only after it has checked the pinned certificate. No token is sent before. */
class PinningAgent extends Agent {
  readonly #trust: TrustOptions;

  constructor(trust: TrustOptions) {
    super({ keepAlive: true });
    this.#trust = trust;
  }

  override createConnection(
    { host, port, servername }: RequestOptions,
    connected?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const socket = connect({
      host: host ?? "localhost",
      port: Number(port ?? 443),
      ...(servername && { servername }),
      ...verifiedBy(this.#trust),
    });
    secured(socket, this.#trust).then(
      () => connected?.(null, socket),
      (error) => connected?.(error, socket),
    );
  }
}

/** Waits until a connection is secure, and checks a pinned certificate. */
export async function secured(socket: TLSSocket, { fingerprint }: TrustOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })));
  });
  if (fingerprint === undefined) return;
  const found = socket.getPeerX509Certificate()?.fingerprint256 ?? "";
  if (plain(found) === plain(fingerprint)) return;
  socket.destroy();
  throw Object.assign(new Error(`its SHA-256 fingerprint is ${found}`), { code: wrongFingerprint });
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}
