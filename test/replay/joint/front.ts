import { request } from "node:http";
import { createServer } from "node:https";
import { issueCertificate } from "../../../lab/proxmox/certificate";

/** What the proxy in front of authentik does with a request. */
export type FrontMode = "as it should" | "without X-Forwarded-Proto" | "502" | "slow token";

/** Longer than the tokens of that case live. */
const slowMilliseconds = 2100;

export interface Front {
  port: number;
  caPem: string;
  mode: FrontMode;
  /** Done once, before the next request for a token is passed on. */
  beforeToken: (() => Promise<void>) | undefined;
  close(): void;
}

/** The proxy with TLS that stood before authentik when the joint logins were recorded. */
export async function startFront(
  authentikUrl: string,
  { caPem, certPem, keyPem } = issueCertificate(["auth.rig.test"]),
): Promise<Front> {
  const { hostname, port } = new URL(authentikUrl);
  const server = createServer({ key: keyPem, cert: certPem }, (incoming, outgoing) => {
    if (front.mode === "502") {
      outgoing.writeHead(502).end();
      return;
    }
    const proto = front.mode === "without X-Forwarded-Proto" ? {} : { "x-forwarded-proto": "https" };
    const headers = { ...incoming.headers, ...proto };
    const { method, url: path } = incoming;
    const isToken = path?.endsWith("/token/");
    const isSlow = front.mode === "slow token" && isToken;
    const upstream = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      setTimeout(() => answer.pipe(outgoing), isSlow ? slowMilliseconds : 0);
    });
    upstream.on("error", () => outgoing.writeHead(502).end());
    const before = isToken ? front.beforeToken?.() : undefined;
    if (before) front.beforeToken = undefined;
    void Promise.resolve(before).then(() => incoming.pipe(upstream));
  });
  const front: Front = {
    port: 0,
    caPem,
    mode: "as it should",
    beforeToken: undefined,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  front.port = typeof address === "object" && address !== null ? address.port : 0;
  return front;
}
