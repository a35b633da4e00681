import { mkdir, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type ListenOptions, type Server } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { generateCertificate } from "../../../lab/authentik/crypto/generate";
import { createCertificateAuthority, issueCertificate } from "../../../providers/pki/certificate";

/** Another connection to this machine's Docker Engine. */
export interface Front {
  /** Value of `dockerHost`. */
  readonly host: string;
  /** The number of connections so far. */
  connections(): number | Promise<number>;
  close(): void;
}

export interface TlsFront extends Front {
  /** Directory with ca.pem, cert.pem and key.pem, which clients need. */
  readonly certPath: string;
  readonly key: string;
}

/** A socket at another path, as with a rootless engine. */
export async function startSocketFront(engine: string, folder: string): Promise<Front> {
  const path = join(folder, "rootless.sock");
  let count = 0;
  const server = createServer((socket) => {
    count++;
    connectThrough(socket, engine);
  });
  await listening(server, { path });
  return { host: `unix://${path}`, connections: () => count, close: () => server.close() };
}

/** TCP with TLS, which requires a client certificate. */
export async function startTlsFront(engine: string, folder: string): Promise<TlsFront> {
  const ca = await createCertificateAuthority("docker CA");
  const request = { commonName: "docker", subjectAltNames: ["127.0.0.1"], validityDays: 1 };
  const own = await issueCertificate({ ...request, keySize: 2048 }, ca);
  const client = await generateCertificate({ commonName: "client", names: [], days: 1, algorithm: "rsa" });
  const certPath = join(folder, "certificates");
  await mkdir(certPath);
  const files = { ca: ca.certificate, cert: client.certificate, key: client.privateKey };
  for (const [name, pem] of Object.entries(files)) await writeFile(join(certPath, `${name}.pem`), pem);
  let count = 0;
  const tls = { cert: own.certificate, key: own.privateKey, ca: client.certificate };
  const server = createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (socket) => {
    count++;
    connectThrough(socket, engine);
  });
  const { port } = await listening(server, { port: 0, host: "127.0.0.1" });
  return {
    host: `tcp://127.0.0.1:${port}`,
    connections: () => count,
    close: () => server.close(),
    certPath,
    key: client.privateKey,
  };
}

/** Either end may close first. A client that is done just disconnects. */
function connectThrough(from: Duplex, engine: string): void {
  const to = connect({ path: engine, allowHalfOpen: true });
  from.pipe(to).pipe(from);
  from.on("error", () => to.destroy());
  to.on("error", () => from.destroy());
}

function listening(server: Server, options: ListenOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      const address = server.address();
      resolve(
        typeof address === "object" && address !== null ? address : { address: "", family: "", port: 0 },
      );
    });
  });
}
