import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { hostOf } from "../../providers/http/host";

const limitMs = 10_000;

/** The TLS certificate that a server presents, trusted or not. */
export function certificateAt(url: string): Promise<X509Certificate> {
  const { port, origin } = new URL(url);
  const host = hostOf(url);
  const name = isIP(host) ? {} : { servername: host };
  return new Promise((resolve, reject) => {
    const address = { host, port: Number(port || 443), ...name, rejectUnauthorized: false };
    const socket = connect(address, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate) resolve(certificate);
      else reject(new Error(`${origin} presents no certificate.`));
    });
    socket.setTimeout(limitMs, () => socket.destroy(new Error(`${origin} did not answer in time.`)));
    socket.once("error", reject);
  });
}
